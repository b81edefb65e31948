package io.culvert.health.probe;

import static io.culvert.catalog.CheckStatus.CRITICAL;
import static io.culvert.catalog.CheckStatus.PASSING;
import static io.culvert.catalog.CheckStatus.WARNING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.culvert.catalog.CheckStatus;
import io.culvert.health.CheckDefinition;
import io.culvert.health.CheckKind;
import io.culvert.health.Definitions;
import io.culvert.health.HealthSettings;
import io.culvert.health.core.ProbeResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScriptProbeTest {
    private static final Duration CAP = Duration.ofSeconds(30);

    @TempDir
    private Path folder = Path.of("/");

    private ProbeBench bench = new ProbeBench();

    @BeforeEach
    void replaceBench() {
        bench.close();
        bench = new ProbeBench(new HealthSettings(2, folder));
    }

    @AfterEach
    void close() {
        bench.close();
    }

    private static CheckDefinition shell(String text) {
        return Definitions.script("s", "/bin/sh", "-c", text);
    }

    private static CheckDefinition within(Duration timeout, CheckDefinition check) {
        return Definitions.timing(check, check.interval(), timeout);
    }

    private Path file(String name) {
        return folder.resolve(name);
    }

    /** The process that wrote its number into a file of this test. */
    private ProcessHandle processIn(String name) {
        await().atMost(CAP).until(() -> Files.exists(file(name)) && Files.size(file(name)) > 1);
        try {
            long pid = Long.parseLong(Files.readString(file(name)).strip());
            return ProcessHandle.of(pid).orElseThrow();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @CsvSource({"0, PASSING", "1, WARNING", "2, CRITICAL", "3, CRITICAL", "127, CRITICAL", "255, CRITICAL"})
    void the_exit_code_is_the_status_and_both_streams_the_output(int exit, CheckStatus status) {
        ProbeResult result = bench.run(shell("echo out; echo err >&2; exit " + exit));
        assertThat(result).isEqualTo(ProbeResult.of(status, "out\nerr\n"));
    }

    @Test
    void a_script_that_dies_of_a_signal_is_critical() {
        assertThat(bench.run(shell("kill -SEGV $$")).status()).isEqualTo(CRITICAL);
    }

    @Test
    void no_shell_is_between() {
        assertThat(bench.run(Definitions.script("s", "echo", "$HOME", "*", "a b"))
                        .output())
                .isEqualTo("$HOME * a b\n");
    }

    @Test
    void a_program_that_does_not_exist_is_critical_and_named() {
        ProbeResult result = bench.run(Definitions.script("s", "/no/such/program"));
        assertThat(result.status()).isEqualTo(CRITICAL);
        assertThat(result.output()).contains("/no/such/program").contains("No such file");
    }

    @Test
    void a_working_directory_that_does_not_exist_is_critical_and_named() {
        CheckKind.Script script = new CheckKind.Script(List.of("true"), Map.of(), "/no/such/folder", "");
        ProbeResult result = bench.run(Definitions.of("s", script));
        assertThat(result.status()).isEqualTo(CRITICAL);
        assertThat(result.output()).contains("/no/such/folder");
    }

    @Test
    void a_script_runs_where_it_says_or_in_the_given_directory() throws IOException {
        assertThat(bench.run(Definitions.script("s", "pwd")).output().strip())
                .isEqualTo(folder.toRealPath().toString());
        CheckKind.Script elsewhere = new CheckKind.Script(List.of("pwd"), Map.of(), "/usr", "");
        assertThat(bench.run(Definitions.of("s", elsewhere)).output()).isEqualTo("/usr\n");
    }

    @Test
    void the_environment_is_minimal_plus_what_is_declared() {
        CheckKind.Script script = new CheckKind.Script(List.of("env"), Map.of("MARK", "x y", "LANG", "de"), "", "");
        List<String> names = bench.run(Definitions.of("s", script))
                .output()
                .lines()
                .map(line -> line.substring(0, line.indexOf('=')))
                .toList();
        assertThat(names).containsExactlyInAnyOrder("PATH", "LANG", "HOME", "MARK");
        assertThat(bench.run(Definitions.of("s", script)).output())
                .contains("MARK=x y\n")
                .contains("LANG=de\n");
    }

    @Test
    void standard_input_is_empty() {
        assertThat(bench.run(shell("cat; echo end"))).isEqualTo(ProbeResult.of(PASSING, "end\n"));
    }

    @Test
    void another_user_runs_it_with_its_own_groups_and_nothing_of_the_agents() {
        CheckKind.Script script = new CheckKind.Script(
                List.of("/bin/sh", "-c", "id -un; id -gn; id -Gn; echo $HOME"), Map.of(), "/", "nobody");
        assertThat(bench.run(Definitions.of("s", script)))
                .isEqualTo(ProbeResult.of(PASSING, "nobody\nnogroup\nnogroup\n/nonexistent\n"));
    }

    @Test
    void a_user_that_does_not_exist_is_critical_and_named() {
        CheckKind.Script script = new CheckKind.Script(List.of("true"), Map.of(), "/", "nosuchuser");
        ProbeResult result = bench.run(Definitions.of("s", script));
        assertThat(result.status()).isEqualTo(CRITICAL);
        assertThat(result.output()).contains("user 'nosuchuser' does not exist");
    }

    @Test
    void the_last_bytes_of_much_output_are_kept_behind_consuls_mark() {
        ProbeResult result = bench.run(shell("i=0; while [ $i -lt 20000 ]; do echo line $i; i=$((i+1)); done"));
        assertThat(result.output())
                .startsWith("Captured 4096 of 208890 bytes\n...\n")
                .endsWith("line 19999\n");
        assertThat(result.output().length()).isEqualTo("Captured 4096 of 208890 bytes\n...\n".length() + 4096);
    }

    @Test
    void a_script_that_hangs_is_killed_with_its_children_and_grandchildren_and_is_critical_at_once() {
        CompletableFuture<ProbeResult> running = bench.start(within(
                Duration.ofSeconds(2),
                shell("echo begun; sh -c 'sleep 1000 & echo $! > grandchild; wait' & echo $! > child; wait")));
        ProcessHandle child = processIn("child");
        ProcessHandle grandchild = processIn("grandchild");
        assertThat(grandchild.isAlive()).isTrue();
        ProbeResult result = running.join();
        assertThat(result).isEqualTo(new ProbeResult(CRITICAL, "Timed out (2s) running check\nbegun\n", true));
        await().atMost(CAP).until(() -> !child.isAlive() && !grandchild.isAlive());
    }

    @Test
    void a_script_that_ignores_polite_signals_is_killed() {
        ProbeResult result =
                bench.run(within(Duration.ofSeconds(1), shell("trap '' TERM INT HUP; while :; do sleep 1; done")));
        assertThat(result.output()).startsWith("Timed out (1s) running check");
    }

    @Test
    void a_script_that_never_stops_writing_meets_its_deadline_with_bounded_output() {
        ProbeResult result = bench.run(within(Duration.ofSeconds(1), Definitions.script("s", "yes")));
        assertThat(result.decisive()).isTrue();
        assertThat(result.output()).contains("Captured 4096 of ").endsWith("y\n");
        assertThat(result.output().length()).isLessThan(4_300);
    }

    @Test
    void a_process_left_behind_with_the_output_open_does_not_hold_the_result() {
        ProbeResult result = bench.run(shell("setsid sleep 1000 & echo $! > left; echo done"));
        ProcessHandle left = processIn("left");
        assertThat(result).isEqualTo(ProbeResult.of(PASSING, "done\n"));
        assertThat(left.isAlive()).as("only a timeout kills").isTrue();
        left.destroyForcibly();
    }

    @Test
    void a_process_left_behind_that_writes_without_end_is_stopped_by_the_closed_pipe() {
        ProbeResult result = bench.run(shell("yes & echo $! > left; exit 0"));
        assertThat(result.status()).isEqualTo(PASSING);
        await().atMost(CAP)
                .until(() -> !Files.exists(
                        Path.of("/proc", Files.readString(file("left")).strip())));
    }

    @Test
    void a_cancelled_run_is_killed_and_says_nothing() {
        CompletableFuture<ProbeResult> result = new CompletableFuture<>();
        RunningProbe running =
                bench.probes.start(within(CAP, shell("sleep 1000 & echo $! > child; wait")), result::complete);
        ProcessHandle child = processIn("child");
        running.cancel();
        await().atMost(CAP).until(() -> !child.isAlive());
        bench.probes.close(); // the thread of the run has ended after this
        assertThat(result).isNotDone();
    }

    @Test
    void closing_kills_what_runs() {
        CompletableFuture<ProbeResult> result = bench.start(within(CAP, shell("sleep 1000 & echo $! > child; wait")));
        ProcessHandle child = processIn("child");
        bench.probes.close();
        await().atMost(CAP).until(() -> !child.isAlive());
        assertThat(result).isNotDone();
    }

    @Test
    void scripts_beyond_the_threads_wait_and_all_run() {
        List<CompletableFuture<ProbeResult>> results = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            results.add(bench.start(shell("echo " + i)));
        }
        for (int i = 0; i < 40; i++) {
            assertThat(results.get(i).join()).isEqualTo(ProbeResult.of(PASSING, i + "\n"));
        }
        assertThat(Thread.getAllStackTraces().keySet().stream()
                        .filter(thread -> thread.getName().startsWith("health-script")))
                .hasSizeLessThanOrEqualTo(16); // two of this bench; those of earlier ones may still be idle
    }

    @Test
    void runs_leave_no_descriptors_open() throws IOException {
        bench.run(shell("echo warm"));
        long before = openDescriptors();
        for (int i = 0; i < 20; i++) {
            assertThat(bench.run(shell("exit 1")).status()).isEqualTo(WARNING);
        }
        await().atMost(CAP).until(() -> openDescriptors() <= before + 3);
    }

    private static long openDescriptors() throws IOException {
        try (java.util.stream.Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return open.count();
        }
    }
}
