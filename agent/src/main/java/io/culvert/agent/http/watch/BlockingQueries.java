package io.culvert.agent.http.watch;

import io.culvert.agent.http.route.Answer;
import io.culvert.agent.http.route.Readout;
import io.culvert.agent.http.route.Topic;
import io.culvert.agent.http.route.Waiting;
import io.culvert.catalog.CatalogChange;
import io.culvert.catalog.CatalogNode;
import io.culvert.catalog.CatalogSnapshot;
import io.culvert.catalog.NodeId;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Holds reads back until there is news. A change wakes those that wait for what changed and nobody else; each is woken
 * once. Any thread.
 *
 * <p>Who is woken stands in a queue that one worker at a time works off: a change that wakes thousands takes neither all
 * workers nor more than one place in their queue.
 */
public final class BlockingQueries {
    /** Consul adds a random part of up to a sixteenth, so that clients do not come back together. */
    private static final int JITTER_PART = 16;

    /** How long to leave workers alone that take no more. */
    private static final long RETRY_MILLISECONDS = 50;

    private final Map<Topic, Set<Waiter>> waiters = new ConcurrentHashMap<>();
    private final Queue<Waiter> woken = new ConcurrentLinkedQueue<>(); // each waiter at most once
    private final AtomicBoolean working = new AtomicBoolean();
    private final AtomicInteger count = new AtomicInteger();
    private final Executor workers;
    private final ScheduledExecutorService timer;
    private final RandomGenerator random;
    private final int most;

    /**
     * @param workers where answers are made; may reject: then it is tried again
     * @param timer an event loop; only schedules
     * @param random for the jitter; used under a lock
     * @param most reads held back at one time
     */
    public BlockingQueries(Executor workers, ScheduledExecutorService timer, RandomGenerator random, int most) {
        this.workers = workers;
        this.timer = timer;
        this.random = random;
        this.most = most;
    }

    /** A read that may be held back. Both may be called at any time, also twice. */
    public interface Held {
        Held NOTHING = new Held() {
            @Override
            public void cancel() {
                // there is nothing to end
            }

            @Override
            public void hurry() {
                // it is answered already
            }
        };

        /** Ends waiting without an answer. */
        void cancel();

        /** Ends waiting with an answer of the present: the client has said that it sends no more, and may be gone. */
        void hurry();
    }

    /** Reads held back now. */
    public int waiting() {
        return count.get();
    }

    /**
     * Calls {@code done} once, on a worker or on the calling thread: at once when there is news already, else when there
     * is, or when the time is over. Never, when cancelled before.
     */
    public Held await(Waiting waiting, Consumer<Answer> done) {
        Readout present = waiting.read().read();
        if (waiting.isNews().test(present)) {
            done.accept(present.answer().get());
            return Held.NOTHING;
        }
        if (count.incrementAndGet() > most) {
            count.decrementAndGet();
            done.accept(Answer.text(
                    429,
                    "too many blocking queries (limit " + most + " on this agent): ask again later, or without index"));
            return Held.NOTHING;
        }
        Waiter waiter = new Waiter(waiting, done);
        waiter.begin();
        return waiter;
    }

    /** To be called after each change of the catalogue. Quick. */
    public void catalogChanged(CatalogChange change) {
        Set<Topic> topics = new HashSet<>();
        topics.add(Topic.CATALOG);
        change.services().forEach(name -> topics.add(Topic.service(name.folded())));
        if (!change.services().isEmpty()) {
            topics.add(Topic.SERVICES);
        }
        if (change.before().nodesIndex() != change.after().nodesIndex()) {
            topics.add(Topic.NODES);
        }
        for (NodeId node : change.nodes()) {
            addNode(topics, change.before(), node);
            addNode(topics, change.after(), node);
        }
        topics.forEach(this::changed);
    }

    private static void addNode(Set<Topic> topics, CatalogSnapshot snapshot, NodeId id) {
        snapshot.node(id)
                .map(CatalogNode::node)
                .ifPresent(node -> topics.add(Topic.node(node.name().folded())));
    }

    /** Wakes those who wait for {@code topic}. Quick: each looks for itself, on a worker. */
    public void changed(Topic topic) {
        Set<Waiter> affected = waiters.get(topic);
        if (affected != null) {
            affected.forEach(Waiter::wake);
        }
    }

    private void workOff() {
        if (!working.compareAndSet(false, true)) {
            return;
        }
        try {
            workers.execute(() -> {
                for (Waiter waiter = woken.poll(); waiter != null; waiter = woken.poll()) {
                    waiter.look();
                }
                working.set(false);
                if (!woken.isEmpty()) {
                    workOff();
                }
            });
        } catch (RejectedExecutionException e) {
            working.set(false);
            if (!timer.isShutdown()) {
                var unused = timer.schedule(this::workOff, RETRY_MILLISECONDS, TimeUnit.MILLISECONDS);
            }
        }
    }

    private long jittered(Duration wait) {
        long nanoseconds = wait.toNanos();
        synchronized (random) {
            return nanoseconds + (long) (nanoseconds / JITTER_PART * random.nextDouble());
        }
    }

    private final class Waiter implements Held {
        private final Waiting waiting;
        private final Consumer<Answer> done;
        private final AtomicBoolean ended = new AtomicBoolean();
        private final AtomicBoolean queued = new AtomicBoolean();
        private volatile boolean due;
        private volatile @Nullable Future<?> timeout;

        Waiter(Waiting waiting, Consumer<Answer> done) {
            this.waiting = waiting;
            this.done = done;
        }

        void begin() {
            waiters.compute(waiting.topic(), (topic, known) -> {
                Set<Waiter> all = known == null ? ConcurrentHashMap.newKeySet() : known;
                all.add(this);
                return all;
            });
            timeout = timer.schedule(this::hurry, jittered(waiting.longest()), TimeUnit.NANOSECONDS);
            if (ended.get()) {
                forgetTimeout();
            }
            look(); // what changed between the first look and now has woken nobody
        }

        /** Several changes in a row are one look. */
        void wake() {
            if (queued.compareAndSet(false, true)) {
                woken.add(this);
                workOff();
            }
        }

        @Override
        public void hurry() {
            due = true;
            wake();
        }

        void look() {
            queued.set(false);
            if (!ended.get()) {
                Readout present = waiting.read().read();
                if (due || waiting.isNews().test(present)) {
                    end(present);
                }
            }
        }

        private void end(Readout readout) {
            if (leave()) {
                done.accept(readout.answer().get());
            }
        }

        @Override
        public void cancel() {
            leave();
        }

        private boolean leave() {
            if (!ended.compareAndSet(false, true)) {
                return false;
            }
            forgetTimeout();
            waiters.computeIfPresent(waiting.topic(), (topic, all) -> {
                all.remove(this);
                return all.isEmpty() ? null : all;
            });
            count.decrementAndGet();
            return true;
        }

        private void forgetTimeout() {
            Future<?> pending = timeout;
            if (pending != null) {
                pending.cancel(false);
            }
        }
    }
}
