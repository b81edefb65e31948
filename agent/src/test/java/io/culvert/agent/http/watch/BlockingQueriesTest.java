package io.culvert.agent.http.watch;

import static org.assertj.core.api.Assertions.assertThat;

import io.culvert.agent.http.route.Answer;
import io.culvert.agent.http.route.Readout;
import io.culvert.agent.http.route.Topic;
import io.culvert.agent.http.route.Waiting;
import io.culvert.testbed.kit.Property;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Against a model: topics are numbers that grow; a watcher of one is answered exactly when its number is past its own. */
class BlockingQueriesTest {
    private static final int TOPICS = 5;

    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();

    @AfterEach
    void stop() {
        timer.shutdownNow();
    }

    /** One watcher of the model. */
    private static final class Watcher {
        private final int topic;
        private final long after;
        private final AtomicInteger answers = new AtomicInteger();
        private BlockingQueries.Held held = BlockingQueries.Held.NOTHING;
        private boolean cancelled;

        Watcher(int topic, long after) {
            this.topic = topic;
            this.after = after;
        }
    }

    @Test
    void no_wake_up_is_lost_none_comes_without_news_and_none_twice() {
        Property.forSeeds(300, random -> {
            Queue<Runnable> tasks = new ArrayDeque<>();
            BlockingQueries queries = new BlockingQueries(tasks::add, timer, new SplittableRandom(1), 1_000);
            Map<Integer, Long> indexes = new HashMap<>();
            List<Watcher> watchers = new ArrayList<>();
            for (int step = 0; step < 200; step++) {
                switch (random.nextInt(5)) {
                    case 0, 1 -> watchers.add(watch(queries, indexes, random));
                    case 2 -> {
                        int topic = random.nextInt(TOPICS);
                        indexes.merge(topic, 1L, Long::sum);
                        queries.changed(Topic.service("s" + topic));
                    }
                    case 3 -> cancelOne(watchers, random);
                    default -> runSome(tasks, random);
                }
            }
            runAll(tasks);
            for (Watcher watcher : watchers) {
                boolean news = indexes.getOrDefault(watcher.topic, 0L) > watcher.after;
                if (!watcher.cancelled) {
                    assertThat(watcher.answers.get()).isEqualTo(news ? 1 : 0);
                } else {
                    assertThat(watcher.answers.get()).isLessThanOrEqualTo(news ? 1 : 0);
                }
            }
            long open = watchers.stream()
                    .filter(watcher -> !watcher.cancelled && watcher.answers.get() == 0)
                    .count();
            assertThat((long) queries.waiting()).isEqualTo(open);
        });
    }

    private static Watcher watch(BlockingQueries queries, Map<Integer, Long> indexes, SplittableRandom random) {
        int topic = random.nextInt(TOPICS);
        long present = indexes.getOrDefault(topic, 0L);
        Watcher watcher = new Watcher(topic, Math.max(0, present - random.nextInt(2)));
        watcher.held = queries.await(
                new Waiting(
                        Topic.service("s" + topic),
                        () -> new Readout(indexes.getOrDefault(topic, 0L), () -> Answer.empty(200)),
                        readout -> readout.index() > watcher.after,
                        Duration.ofHours(1)),
                answer -> watcher.answers.incrementAndGet());
        return watcher;
    }

    private static void cancelOne(List<Watcher> watchers, SplittableRandom random) {
        if (!watchers.isEmpty()) {
            Watcher watcher = watchers.get(random.nextInt(watchers.size()));
            watcher.held.cancel();
            watcher.cancelled = true;
        }
    }

    private static void runSome(Queue<Runnable> tasks, SplittableRandom random) {
        for (int i = random.nextInt(4); i > 0 && !tasks.isEmpty(); i--) {
            tasks.remove().run();
        }
    }

    private static void runAll(Queue<Runnable> tasks) {
        while (!tasks.isEmpty()) {
            tasks.remove().run();
        }
    }

    @Test
    void a_change_that_wakes_thousands_takes_one_place_among_the_workers() {
        Queue<Runnable> tasks = new ArrayDeque<>();
        BlockingQueries queries = new BlockingQueries(tasks::add, timer, new SplittableRandom(1), 10_000);
        AtomicInteger index = new AtomicInteger();
        AtomicInteger answered = new AtomicInteger();
        for (int i = 0; i < 5_000; i++) {
            queries.await(
                    new Waiting(
                            Topic.NODES,
                            () -> new Readout(index.get(), () -> Answer.empty(200)),
                            readout -> readout.index() > 0,
                            Duration.ofHours(1)),
                    answer -> answered.incrementAndGet());
        }
        index.set(1);
        queries.changed(Topic.NODES);
        queries.changed(Topic.NODES);

        assertThat(tasks).hasSize(1);
        runAll(tasks);
        assertThat(answered).hasValue(5_000);
    }

    @Test
    void workers_that_take_no_more_for_a_while_lose_no_wake_up() {
        AtomicBoolean full = new AtomicBoolean(true);
        AtomicInteger index = new AtomicInteger();
        AtomicInteger answered = new AtomicInteger();
        BlockingQueries queries = new BlockingQueries(
                task -> {
                    if (full.get()) {
                        throw new RejectedExecutionException("full");
                    }
                    task.run();
                },
                timer,
                new SplittableRandom(1),
                10);
        queries.await(
                new Waiting(
                        Topic.NODES,
                        () -> new Readout(index.get(), () -> Answer.empty(200)),
                        readout -> readout.index() > 0,
                        Duration.ofHours(1)),
                answer -> answered.incrementAndGet());
        index.set(1);

        queries.changed(Topic.NODES);
        assertThat(answered).hasValue(0);
        full.set(false);

        Awaitility.await().until(() -> answered.get() == 1);
    }
}
