package io.culvert.proxy.local;

import io.culvert.catalog.clock.MonotonicClock;
import io.culvert.catalog.clock.WallClock;
import io.culvert.proxy.ListenerStatus;
import io.netty.channel.Channel;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Local sockets of one kind, brought in line with what is wanted: what is wanted still stays open, whatever else changes.
 * One that cannot be opened is a state to be seen, and is tried again. All methods on one thread but {@link #status}.
 *
 * @param <S> what says where a socket listens and where it leads; equal ones are the same socket
 */
final class ListenerSet<S> {
    private static final Logger log = LoggerFactory.getLogger(ListenerSet.class);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

    private final Binder<S> binder;
    private final Duration firstPause;
    private final MonotonicClock clock;
    private final WallClock calendar;
    private final Map<S, Entry> entries = new LinkedHashMap<>();
    private volatile List<ListenerStatus> published = List.of();

    /** Opens and closes one socket. May block for as long as a system call. */
    interface Binder<S> {
        Channel open(S wanted) throws BindFailure;

        void close(S wanted, Channel channel);

        ListenerStatus describe(S wanted, ListenerStatus.State state, String reason, String remedy, Instant since);
    }

    private static final class Entry {
        @Nullable
        Channel channel;

        @Nullable
        BindFailure failure;

        Duration pause = Duration.ZERO;
        long retryAt;
        Instant since;

        Entry(Instant since) {
            this.since = since;
        }
    }

    ListenerSet(Binder<S> binder, Duration firstPause, MonotonicClock clock, WallClock calendar) {
        this.binder = binder;
        this.firstPause = firstPause;
        this.clock = clock;
        this.calendar = calendar;
    }

    /** Opens and closes until exactly these are there, or failing. */
    void want(Set<S> wanted) {
        for (S gone : List.copyOf(entries.keySet())) {
            if (!wanted.contains(gone)) {
                close(gone, entries.remove(gone));
            }
        }
        for (S added : wanted) {
            if (!entries.containsKey(added)) {
                Entry entry = new Entry(calendar.now());
                entries.put(added, entry);
                open(added, entry);
            }
        }
        publish();
    }

    /** Tries again those whose pause is over. */
    void retry() {
        long now = clock.nanos();
        boolean changed = false;
        for (Map.Entry<S, Entry> each : entries.entrySet()) {
            Entry entry = each.getValue();
            if (entry.failure != null && now - entry.retryAt >= 0) {
                open(each.getKey(), entry);
                changed = true;
            }
        }
        if (changed) {
            publish();
        }
    }

    /** Closes all. */
    void close() {
        want(Set.of());
    }

    /** Any thread. */
    List<ListenerStatus> status() {
        return published;
    }

    private void open(S wanted, Entry entry) {
        try {
            entry.channel = binder.open(wanted);
            if (entry.failure != null) {
                log.atInfo().addKeyValue("listener", wanted).log("listener open after all");
                entry.since = calendar.now();
            }
            entry.failure = null;
        } catch (BindFailure e) {
            failed(wanted, entry, e);
        }
    }

    private void failed(S wanted, Entry entry, BindFailure failure) {
        boolean first = entry.failure == null || !entry.failure.reason().equals(failure.reason());
        if (first) {
            entry.since = calendar.now();
            log.atWarn()
                    .addKeyValue("listener", wanted)
                    .addKeyValue("reason", failure.reason())
                    .addKeyValue("remedy", failure.remedy())
                    .log("listener cannot be opened; it is tried again");
        }
        entry.failure = failure;
        Duration doubled = entry.pause.isZero() ? firstPause : entry.pause.multipliedBy(2);
        entry.pause = doubled.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : doubled;
        entry.retryAt = clock.nanos() + entry.pause.toNanos();
    }

    private void close(S gone, @Nullable Entry entry) {
        Channel channel = entry == null ? null : entry.channel;
        if (channel != null) {
            binder.close(gone, channel);
        }
    }

    private void publish() {
        List<ListenerStatus> all = new ArrayList<>(entries.size());
        entries.forEach((wanted, entry) -> {
            BindFailure failure = entry.failure;
            all.add(
                    failure == null
                            ? binder.describe(wanted, ListenerStatus.State.LISTENING, "", "", entry.since)
                            : binder.describe(
                                    wanted,
                                    ListenerStatus.State.FAILED,
                                    failure.reason(),
                                    failure.remedy(),
                                    entry.since));
        });
        published = List.copyOf(all);
    }
}
