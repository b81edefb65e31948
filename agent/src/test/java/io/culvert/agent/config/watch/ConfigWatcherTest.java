package io.culvert.agent.config.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.culvert.catalog.clock.SystemClocks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigWatcherTest {
    /** Without the rescan, so that only the kernel's events can make a test pass. */
    private static final ConfigWatcher.Pace EVENTS_ONLY =
            new ConfigWatcher.Pace(Duration.ofMillis(50), Duration.ofHours(1));

    @TempDir
    private Path home;

    private final AtomicInteger calls = new AtomicInteger();
    private final AtomicReference<String> seen = new AtomicReference<>("");
    private @Nullable ConfigWatcher watcher;

    @AfterEach
    void stop() throws IOException {
        if (watcher != null) {
            watcher.close();
        }
    }

    private ConfigWatcher watch(Path source, ConfigWatcher.Pace pace) throws IOException {
        ConfigWatcher started = ConfigWatcher.start(List.of(source), pace, SystemClocks.MONOTONIC, () -> {
            seen.set(content(source));
            calls.incrementAndGet();
        });
        watcher = started;
        return started;
    }

    private static String content(Path source) {
        Path file = Files.isDirectory(source) ? source.resolve("a.hcl") : source;
        try {
            return Files.exists(file) ? Files.readString(file) : "";
        } catch (IOException e) {
            return e.toString();
        }
    }

    private void awaitSeen(String content) {
        await().atMost(Duration.ofSeconds(20)).untilAtomic(seen, org.hamcrest.Matchers.equalTo(content));
    }

    @Test
    void files_that_come_change_and_go_are_noticed() throws IOException {
        Path conf = Files.createDirectory(home.resolve("conf.d"));
        watch(conf, EVENTS_ONLY);
        Files.writeString(conf.resolve("a.hcl"), "1");
        awaitSeen("1");
        Files.writeString(conf.resolve("a.hcl"), "2");
        awaitSeen("2");
        Files.delete(conf.resolve("a.hcl"));
        awaitSeen("");
    }

    @Test
    void an_editor_that_renames_a_new_file_over_the_old_is_noticed() throws IOException {
        Path conf = Files.createDirectory(home.resolve("conf.d"));
        Files.writeString(conf.resolve("a.hcl"), "1");
        watch(conf, EVENTS_ONLY);
        Files.writeString(conf.resolve(".a.hcl.swp"), "2");
        Files.move(conf.resolve(".a.hcl.swp"), conf.resolve("a.hcl"), StandardCopyOption.ATOMIC_MOVE);
        awaitSeen("2");
    }

    @Test
    void other_files_are_not_worth_a_call() throws IOException {
        Path conf = Files.createDirectory(home.resolve("conf.d"));
        watch(conf, EVENTS_ONLY);
        Files.writeString(conf.resolve(".a.hcl.swp"), "x");
        Files.writeString(conf.resolve("a.hcl~"), "x");
        Files.writeString(conf.resolve("4913"), "x");
        Files.writeString(home.resolve("b.hcl"), "beside, not in it");
        Files.writeString(conf.resolve("a.hcl"), "1");
        awaitSeen("1");
        assertThat(calls.get()).isBetween(1, 2);
    }

    @Test
    void a_directory_may_be_made_later_removed_and_made_again() throws IOException {
        Path conf = home.resolve("etc/culvert/conf.d");
        watch(conf, EVENTS_ONLY);
        Files.createDirectories(conf);
        Files.writeString(conf.resolve("a.hcl"), "1");
        awaitSeen("1");
        Files.delete(conf.resolve("a.hcl"));
        Files.delete(conf);
        awaitSeen("");
        Files.createDirectory(conf);
        Files.writeString(conf.resolve("a.hcl"), "2");
        awaitSeen("2");
    }

    @Test
    void a_directory_may_be_renamed_away_and_replaced() throws IOException {
        Path conf = Files.createDirectory(home.resolve("conf.d"));
        Files.writeString(conf.resolve("a.hcl"), "1");
        watch(conf, EVENTS_ONLY);
        Path fresh = Files.createDirectory(home.resolve("fresh"));
        Files.writeString(fresh.resolve("a.hcl"), "2");
        Files.move(conf, home.resolve("old"));
        Files.move(fresh, conf);
        awaitSeen("2");
        Files.writeString(conf.resolve("a.hcl"), "3");
        awaitSeen("3");
    }

    @Test
    void a_single_file_is_watched_where_it_is() throws IOException {
        Path file = home.resolve("only.hcl");
        watch(file, EVENTS_ONLY);
        Files.writeString(file, "1");
        awaitSeen("1");
    }

    @Test
    void what_the_kernel_does_not_tell_is_found_by_looking_again() throws IOException {
        Path conf = Files.createDirectory(home.resolve("conf.d"));
        Path target = Files.writeString(home.resolve("target"), "1");
        Files.createSymbolicLink(conf.resolve("a.hcl"), target);
        watch(conf, new ConfigWatcher.Pace(Duration.ofMillis(10), Duration.ofMillis(100)));
        Files.writeString(target, "22");
        awaitSeen("22");
    }

    @Test
    void a_call_back_that_throws_does_not_end_the_watching() throws IOException {
        Path conf = Files.createDirectory(home.resolve("conf.d"));
        watcher = ConfigWatcher.start(List.of(conf), EVENTS_ONLY, SystemClocks.MONOTONIC, () -> {
            calls.incrementAndGet();
            throw new IllegalStateException("planted by this test");
        });
        Files.writeString(conf.resolve("a.hcl"), "1");
        await().until(() -> calls.get() >= 1);
        int before = calls.get();
        Files.writeString(conf.resolve("a.hcl"), "2");
        await().until(() -> calls.get() > before);
    }

    @Test
    void nothing_is_called_after_close_and_close_may_be_called_twice() throws IOException {
        Path conf = Files.createDirectory(home.resolve("conf.d"));
        ConfigWatcher started = watch(conf, EVENTS_ONLY);
        started.close();
        started.close();
        Files.writeString(conf.resolve("a.hcl"), "1");
        assertThat(Thread.getAllStackTraces().keySet())
                .extracting(Thread::getName)
                .doesNotContain("culvert-config-watch");
        assertThat(calls).hasValue(0);
    }
}
