package io.culvert.agent.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.culvert.agent.config.syntax.Problem;
import io.culvert.health.CheckDefinition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigLoaderTest {
    @TempDir
    private Path home;

    private Path conf;
    private LoadedConfig inForce = LoadedConfig.EMPTY;

    @BeforeEach
    void makeDirectory() throws IOException {
        conf = Files.createDirectory(home.resolve("conf.d"));
    }

    private ConfigLoader loader() {
        return new ConfigLoader(
                List.of(conf), BindRules.DEFAULT, Optional.of(new LastGoodStore(home.resolve("last"))), id -> false);
    }

    private void write(String name, String text) throws IOException {
        Files.writeString(conf.resolve(name), text);
    }

    private void reload() {
        inForce = loader().load(inForce);
    }

    private void restart() {
        inForce = loader().load(LoadedConfig.EMPTY);
    }

    private List<String> services() {
        return inForce.services().stream()
                .map(service ->
                        service.instance().id() + ":" + service.instance().port())
                .toList();
    }

    private List<String> problems() {
        return inForce.problems().stream()
                .map(problem -> problem.toString().replace(conf + "/", ""))
                .toList();
    }

    private FileState.State stateOf(String name) {
        return inForce.fileStates().stream()
                .filter(state -> state.file().endsWith("/" + name))
                .findFirst()
                .orElseThrow()
                .state();
    }

    @Test
    void only_visible_hcl_and_json_files_of_the_directory_itself_count_in_order_of_their_names() throws IOException {
        write("b.json", "{\"service\": {\"name\": \"b\"}}");
        write("a.hcl", "service { name = \"a\" }");
        for (String ignored : List.of(".#a.hcl", ".a.hcl.swp", "a.hcl~", "#a.hcl#", "4913", "a.conf", "readme.md")) {
            write(ignored, "service { name = \"ignored\" }");
        }
        Files.createDirectory(conf.resolve("d.hcl"));
        Files.writeString(home.resolve("elsewhere"), "service { name = \"c\" }");
        Files.createSymbolicLink(conf.resolve("c.hcl"), home.resolve("elsewhere"));
        reload();
        assertThat(services()).containsExactly("a:0", "b:0", "c:0");
        assertThat(inForce.problems()).isEmpty();
    }

    @Test
    void a_broken_file_keeps_its_last_good_version_and_leaves_others_alone() throws IOException {
        write("a.hcl", "service { name = \"a\" port = 1 }");
        write("b.hcl", "service { name = \"b\" port = 1 }");
        reload();
        write("a.hcl", "service { name = \"a\" port = \"2\" }");
        write("b.hcl", "service { name = \"b\" port = 2 }");
        reload();
        assertThat(services()).containsExactly("a:1", "b:2");
        assertThat(stateOf("a.hcl")).isEqualTo(FileState.State.LAST_GOOD);
        assertThat(problems()).singleElement().asString().startsWith("a.hcl:1:29: 'port' in service 'a'");
        write("a.hcl", "service { name = \"a\" port = 3 }");
        reload();
        assertThat(services()).containsExactly("a:3", "b:2");
        assertThat(inForce.problems()).isEmpty();
    }

    @Test
    void a_file_that_was_never_good_is_shown_and_counts_for_nothing() throws IOException {
        write("a.hcl", "service {");
        write("b.hcl", "service { name = \"b\" }");
        reload();
        assertThat(services()).containsExactly("b:0");
        assertThat(stateOf("a.hcl")).isEqualTo(FileState.State.NONE);
    }

    @Test
    void last_good_versions_survive_a_restart() throws IOException {
        write("a.hcl", "service { name = \"a\" port = 1 }");
        reload();
        write("a.hcl", "service { name = \"a\" port = }");
        restart();
        assertThat(services()).containsExactly("a:1");
        restart();
        assertThat(services()).containsExactly("a:1");
        assertThat(stateOf("a.hcl")).isEqualTo(FileState.State.LAST_GOOD);
    }

    @Test
    void a_file_that_is_removed_takes_its_services_and_its_last_good_version_along() throws IOException {
        write("a.hcl", "service { name = \"a\" }");
        reload();
        Files.delete(conf.resolve("a.hcl"));
        reload();
        assertThat(services()).isEmpty();
        try (Stream<Path> kept = Files.list(home.resolve("last"))) {
            assertThat(kept).isEmpty();
        }
        write("a.hcl", "service {");
        restart();
        assertThat(services()).isEmpty();
    }

    @Test
    void a_damaged_last_good_version_is_set_aside() throws IOException {
        write("a.hcl", "service { name = \"a\" }");
        reload();
        Path kept;
        try (Stream<Path> files = Files.list(home.resolve("last"))) {
            kept = files.findFirst().orElseThrow();
        }
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(kept)))
                .isEqualTo("rw-------");
        Files.writeString(kept, Files.readString(kept).replace("name = \"a\"", "name = \"x\""));
        write("a.hcl", "service {");
        restart();
        assertThat(services()).isEmpty();
        assertThat(Path.of(kept + ".damaged")).exists();
    }

    @Test
    void a_conflict_is_blamed_on_the_later_of_two_new_files() throws IOException {
        write("a.hcl", "service { name = \"web\" port = 1 }");
        write("b.hcl", "service { name = \"web\" port = 2 }");
        reload();
        assertThat(services()).containsExactly("web:1");
        assertThat(problems()).containsExactly("b.hcl:1:1: service id 'web' is already declared at a.hcl:1");
    }

    @Test
    void a_conflict_never_takes_a_service_from_a_file_that_did_not_change() throws IOException {
        write("b.hcl", "service { name = \"web\" port = 2 }");
        reload();
        write("a.hcl", "service { name = \"web\" port = 1 }\nservice { name = \"more\" }");
        reload();
        assertThat(services()).containsExactly("web:2");
        assertThat(stateOf("a.hcl")).isEqualTo(FileState.State.NONE);
        assertThat(problems()).containsExactly("a.hcl:1:1: service id 'web' is already declared at b.hcl:1");
        restart();
        assertThat(services()).containsExactly("web:2");
    }

    @Test
    void a_file_in_conflict_goes_back_to_its_last_good_version_whole() throws IOException {
        write("a.hcl", "service { name = \"a\" port = 1 }");
        write("b.hcl", "service { name = \"b\" port = 1 }");
        reload();
        write("a.hcl", "service { name = \"shared\" port = 2 }");
        write("b.hcl", "service { name = \"shared\" port = 2 }\nservice { name = \"b\" port = 2 }");
        reload();
        assertThat(services()).containsExactly("shared:2", "b:1");
        assertThat(stateOf("b.hcl")).isEqualTo(FileState.State.LAST_GOOD);
    }

    @Test
    void a_new_file_gives_way_to_the_last_good_version_of_another() throws IOException {
        write("a.hcl", "service { name = \"a\" port = 1 }");
        write("b.hcl", "service { name = \"b\" port = 1 }");
        reload();
        write("a.hcl", "service { name = \"b\" port = 2 }");
        write("b.hcl", "service { name = }");
        reload();
        assertThat(services()).containsExactly("a:1", "b:1");
    }

    @Test
    void services_may_move_between_files_in_one_step() throws IOException {
        write("a.hcl", "service { name = \"a\" port = 1 }");
        write("b.hcl", "service { name = \"b\" port = 1 }");
        reload();
        write("a.hcl", "service { name = \"b\" port = 2 }");
        write("b.hcl", "service { name = \"a\" port = 2 }");
        reload();
        assertThat(services()).containsExactly("b:2", "a:2");
        assertThat(inForce.problems()).isEmpty();
    }

    @Test
    void a_check_in_one_file_may_belong_to_a_service_in_another() throws IOException {
        write(
                "a.hcl",
                "check { name = \"extra\" service_id = \"web\" ttl = \"10s\" }\ncheck { name = \"disk\" ttl = \"1m\" }");
        write("b.hcl", "service { name = \"web\" check { ttl = \"5s\" } }");
        reload();
        assertThat(inForce.services().get(0).checks())
                .extracting(CheckDefinition::id)
                .containsExactly("service:web", "extra");
        assertThat(inForce.nodeChecks()).extracting(CheckDefinition::id).containsExactly("disk");
    }

    @Test
    void a_file_in_force_loses_only_the_check_whose_service_went_away() throws IOException {
        write("a.hcl", "service { name = \"web\" }");
        write("b.hcl", "check { name = \"extra\" service_id = \"web\" ttl = \"10s\" }\nservice { name = \"b\" }");
        reload();
        Files.delete(conf.resolve("a.hcl"));
        reload();
        assertThat(services()).containsExactly("b:0");
        assertThat(inForce.nodeChecks()).isEmpty();
        assertThat(problems())
                .containsExactly("b.hcl:1:37: 'service_id' in check 'extra': no service has the id 'web' on this host");
    }

    @Test
    void a_service_registered_over_the_api_may_have_checks_in_files() throws IOException {
        write("a.hcl", "check { name = \"extra\" service_id = \"api\" ttl = \"10s\" }");
        LoadedConfig loaded = new ConfigLoader(List.of(conf), BindRules.DEFAULT, Optional.empty(), "api"::equals)
                .load(LoadedConfig.EMPTY);
        assertThat(loaded.nodeChecks()).extracting(CheckDefinition::serviceId).containsExactly("api");
        assertThat(loaded.problems()).isEmpty();
    }

    @Test
    void an_emptied_file_keeps_what_it_declared() throws IOException {
        write("a.hcl", "service { name = \"a\" }");
        reload();
        write("a.hcl", "");
        reload();
        assertThat(services()).containsExactly("a:0");
    }

    @Test
    void what_is_no_regular_file_is_refused_without_waiting_for_it() throws Exception {
        assertThat(new ProcessBuilder("mkfifo", conf.resolve("pipe.hcl").toString())
                        .start()
                        .waitFor())
                .isZero();
        Files.createSymbolicLink(conf.resolve("z.hcl"), home.resolve("nowhere"));
        reload();
        assertThat(problems())
                .containsExactly("pipe.hcl: is no regular file", "z.hcl: the symbolic link leads to no file");
    }

    @Test
    void a_missing_directory_is_waited_for_by_the_agent_and_an_error_to_validate() throws IOException {
        Files.delete(conf);
        reload();
        assertThat(inForce.hasErrors()).isFalse();
        assertThat(inForce.problems())
                .extracting(Problem::message)
                .containsExactly("does not exist; its files take effect as soon as they are there");
        assertThat(loader().validate().hasErrors()).isTrue();
    }

    @Test
    void a_file_that_all_may_write_draws_a_warning() throws IOException {
        write("a.hcl", "service { name = \"a\" }");
        Files.setPosixFilePermissions(conf.resolve("a.hcl"), PosixFilePermissions.fromString("rw-rw-rw-"));
        reload();
        assertThat(services()).containsExactly("a:0");
        assertThat(inForce.problems()).extracting(Problem::severity).containsExactly(Problem.Severity.WARNING);
    }

    @Test
    void scripts_are_refused_where_the_agent_does_not_allow_them() throws IOException {
        write("a.hcl", "check { name = \"a\" args = [\"true\"] interval = \"1s\" }");
        CheckSettings off = new CheckSettings(false, false, 4_096, 8);
        LoadedConfig loaded = new ConfigLoader(
                        List.of(conf), BindRules.forFiles("dc1", off, true), Optional.empty(), id -> false)
                .load(LoadedConfig.EMPTY);
        assertThat(loaded.problems()).singleElement().asString().contains("Scripts are disabled on this agent");
        assertThat(loaded.nodeChecks()).isEmpty();
    }
}
