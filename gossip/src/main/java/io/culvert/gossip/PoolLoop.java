package io.culvert.gossip;

import io.culvert.catalog.CatalogSink;
import io.culvert.catalog.Liveness;
import io.culvert.catalog.NodeId;
import io.culvert.catalog.clock.MonotonicClock;
import io.culvert.gossip.core.Effect;
import io.culvert.gossip.core.GossipMachine;
import io.culvert.gossip.core.SignatureCheck;
import io.culvert.gossip.identity.PoolLabel;
import io.culvert.gossip.transport.GossipTransport;
import io.culvert.gossip.transport.TransportEvents;
import io.culvert.gossip.wire.PeerAddress;
import io.netty.channel.EventLoop;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The machine in its shell: gives it events, performs its effects, sets its one timer. Confined to the loop; no step that
 * fails ends it.
 */
final class PoolLoop implements TransportEvents {
    private final EventLoop loop;
    private final MonotonicClock clock;
    private final PoolLabel label;
    private final CatalogSink catalog;
    private final PoolReports reports;
    private final Outside outside;
    private final GossipTransport transport;
    private final PoolMembers members = new PoolMembers();
    private final Map<Long, Consumer<Boolean>> joins = new HashMap<>();
    private @Nullable GossipMachine machine;
    private long timerAt = Long.MAX_VALUE;
    private long timerSet;
    private long nextJoin = 1;
    private boolean performing;

    /**
     * What is not done on the loop.
     *
     * @param verifiers run signature checks
     * @param persistEpoch stores an epoch, elsewhere
     * @param left hears that everybody knows that we leave
     * @param membersChanged hears that a view taken before is out of date
     */
    record Outside(Verifiers verifiers, Consumer<Long> persistEpoch, Runnable left, Runnable membersChanged) {}

    /** Who checks signatures: what members say never waits behind what owners say. */
    record Verifiers(Executor ofMembers, Executor ofHeads) {}

    PoolLoop(EventLoop loop, MonotonicClock clock, PoolLabel label, Sinks sinks, Outside outside) {
        this.loop = loop;
        this.clock = clock;
        this.label = label;
        this.catalog = sinks.catalog();
        this.reports = sinks.reports();
        this.outside = outside;
        this.transport = new GossipTransport(loop, this);
    }

    record Sinks(CatalogSink catalog, PoolReports reports) {}

    GossipTransport transport() {
        return transport;
    }

    /** Begins; on the loop. */
    void start(GossipMachine started) {
        machine = started;
        members.update(started.ownWord(), Liveness.ALIVE);
        step("start", m -> m.start(clock.nanos()));
    }

    PoolMembers members() {
        return members;
    }

    /** Ends; on the loop. Who waits for an answer hears that there is none. */
    void stop() {
        machine = null;
        List<Consumer<Boolean>> waiting = List.copyOf(joins.values());
        joins.clear();
        waiting.forEach(join -> join.accept(false));
    }

    /** One step of the machine, on the loop, with everything that follows from it. */
    void step(String what, Consumer<GossipMachine> step) {
        GossipMachine m = machine;
        if (m == null) {
            return;
        }
        try {
            step.accept(m);
        } catch (RuntimeException bug) {
            reports.failed(what, bug);
        }
        if (!performing) {
            perform(m);
        }
    }

    // Performing may lead to the next step at once (a connection that fails); its effects are taken in turn, not
    // nested.
    private void perform(GossipMachine m) {
        performing = true;
        try {
            var effects = m.drain();
            while (!effects.isEmpty()) {
                for (Effect effect : effects) {
                    performSafely(effect);
                }
                effects = m.drain();
            }
        } finally {
            performing = false;
        }
        setTimer(m.nextAt());
    }

    private void performSafely(Effect effect) {
        try {
            perform(effect);
        } catch (RuntimeException bug) {
            reports.failed(effect.getClass().getSimpleName(), bug);
        }
    }

    private void perform(Effect effect) {
        if (effect instanceof Effect.Send send) {
            reports.sent(send.packet().length);
            transport.send(send.to(), send.packet());
        } else if (effect instanceof Effect.OpenStream open) {
            transport.openStream(open.stream(), open.to());
        } else if (effect instanceof Effect.StreamSend send) {
            transport.streamSend(send.stream(), send.bytes());
        } else if (effect instanceof Effect.CloseStream close) {
            transport.closeStream(close.stream());
        } else if (effect instanceof Effect.Verify verify) {
            verify(verify.check());
        } else if (effect instanceof Effect.Changed changed) {
            catalog.livenessChanged(changed.change().member(), changed.change().after());
            reports.changed(changed.change());
            show(changed.change().member());
        } else {
            performRare(effect);
        }
    }

    private void performRare(Effect effect) {
        if (effect instanceof Effect.Content content) {
            if (!content.known()) {
                // Remembered before the content: a host that the pool does not know must not be shown alive.
                catalog.livenessChanged(content.content().node().id(), Liveness.FAILED);
            }
            catalog.contentChanged(content.content());
            outside.membersChanged().run();
        } else if (effect instanceof Effect.Renewed renewed) {
            show(renewed.member());
        } else if (effect instanceof Effect.Forgotten forgotten) {
            catalog.forgotten(forgotten.member());
            members.forget(forgotten.member());
            outside.membersChanged().run();
        } else if (effect instanceof Effect.PersistEpoch persist) {
            outside.persistEpoch().accept(persist.epoch());
        } else if (effect instanceof Effect.JoinEnded ended) {
            Consumer<Boolean> waiting = joins.remove(ended.join());
            if (waiting != null) {
                waiting.accept(ended.complete());
            }
        } else if (effect instanceof Effect.Left) {
            GossipMachine m = machine;
            if (m != null) {
                members.forget(m.ownWord().about());
            }
            outside.left().run();
        } else {
            report(effect);
        }
    }

    private void show(NodeId id) {
        GossipMachine m = machine;
        if (m != null) {
            m.find(id).ifPresent(member -> members.update(member.alive(), member.shown()));
        }
        outside.membersChanged().run();
    }

    private void report(Effect effect) {
        if (effect instanceof Effect.Notice notice) {
            reports.notice(notice.notice());
        } else if (effect instanceof Effect.ContentNotice notice) {
            reports.contentNotice(notice.notice());
        } else if (effect instanceof Effect.PublicationRefused refused) {
            reports.publicationRefused(refused.reason());
        } else if (effect instanceof Effect.Refused refused) {
            reports.refused(refused.refusal(), refused.from());
        } else if (effect instanceof Effect.Lagged lagged) {
            reports.lagged(lagged.nanos());
        } else if (effect instanceof Effect.SyncEnded ended) {
            reports.compared(ended.peer(), ended.complete(), ended.differing());
        }
    }

    private void verify(SignatureCheck check) {
        try {
            Executor verifier = check instanceof SignatureCheck.OfMember
                    ? outside.verifiers().ofMembers()
                    : outside.verifiers().ofHeads();
            verifier.execute(() -> {
                boolean genuine = check.isGenuine(label);
                loop.execute(() -> step("verdict", m -> m.onVerdict(check, genuine, clock.nanos())));
            });
        } catch (RejectedExecutionException closing) {
            // The pool is being closed: nobody waits for the verdict.
        }
    }

    /** Compares with whoever is at {@code to}. */
    void join(PeerAddress to, Consumer<Boolean> ended) {
        if (machine == null) {
            ended.accept(false);
            return;
        }
        long number = nextJoin++;
        joins.put(number, ended);
        step("join", m -> m.join(number, to, clock.nanos()));
    }

    private void setTimer(long at) {
        if (at == Long.MAX_VALUE || at >= timerAt) {
            return;
        }
        timerAt = at;
        long mine = ++timerSet;
        long wait = Math.max(0, at - clock.nanos());
        loop.schedule(() -> onTimer(mine), wait, TimeUnit.NANOSECONDS);
    }

    private void onTimer(long mine) {
        if (mine != timerSet) {
            return;
        }
        timerAt = Long.MAX_VALUE;
        step("timer", m -> m.onTimer(clock.nanos()));
    }

    @Override
    public void onDatagram(byte[] packet, PeerAddress from) {
        reports.received(packet.length);
        step("datagram", m -> m.onDatagram(packet, from, clock.nanos()));
    }

    @Override
    public long onStreamAccepted(PeerAddress from) {
        long[] number = new long[1];
        step("accept", m -> number[0] = m.onStreamAccepted(from, clock.nanos()));
        return number[0];
    }

    @Override
    public void onStreamOpened(long stream) {
        step("stream opened", m -> m.onStreamOpened(stream, clock.nanos()));
    }

    @Override
    public void onStreamBytes(long stream, byte[] bytes) {
        step("stream bytes", m -> m.onStreamBytes(stream, bytes, clock.nanos()));
    }

    @Override
    public void onStreamClosed(long stream) {
        step("stream closed", m -> m.onStreamClosed(stream, clock.nanos()));
    }
}
