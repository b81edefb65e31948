package io.culvert.gossip;

import io.culvert.catalog.NodeId;
import io.culvert.catalog.clock.MonotonicClock;
import io.culvert.gossip.core.GossipLoad;
import io.culvert.gossip.membership.MemberChange;
import io.culvert.gossip.membership.MembershipPort;
import io.culvert.gossip.replication.ReplicationNotice;
import io.culvert.gossip.wire.PeerAddress;
import io.culvert.gossip.wire.Refusal;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** Tells the listener everything and the log what a person should see. Confined to the gossip loop. */
final class PoolReports {
    private static final Logger log = LoggerFactory.getLogger(GossipPool.class);
    private static final long QUIET_NANOS = Duration.ofMinutes(1).toNanos();
    private static final int MOST_QUIETED = 1_024;

    private final GossipListener listener;
    private final MonotonicClock clock;
    private final Map<Object, Long> lastLogged = new LinkedHashMap<>();

    PoolReports(GossipListener listener, MonotonicClock clock) {
        this.listener = listener;
        this.clock = clock;
    }

    private record Refused(Refusal refusal, io.culvert.catalog.IpAddress from) {}

    private record About(String what, NodeId member) {}

    void refused(Refusal refusal, PeerAddress from) {
        listener.refused(refusal, from.toString());
        // By address without port: a sender of rubbish takes a new port for each packet.
        if (isNews(new Refused(refusal, from.ip()))) {
            log.atWarn()
                    .addKeyValue("peer", from)
                    .addKeyValue("reason", refusal)
                    .log("gossip refused; more of the same from this address is only counted for a minute");
        }
    }

    void changed(MemberChange change) {
        listener.memberChanged(change);
        Level level = switch (change.after()) {
            case ALIVE, LEFT -> Level.INFO;
            case SUSPECT, FAILED -> Level.WARN;
        };
        log.atLevel(level)
                .addKeyValue("member", change.member())
                .addKeyValue("before", change.before())
                .addKeyValue("after", change.after())
                .addKeyValue("incarnation", change.incarnation())
                .addKeyValue("reason", change.reason())
                .log("member changed");
    }

    void notice(MembershipPort.Notice notice) {
        if (notice instanceof MembershipPort.Probed probed) {
            listener.probed(probed.member(), probed.roundTripNanos());
        } else if (notice instanceof MembershipPort.Suspected suspected) {
            listener.suspected(suspected.member(), suspected.byUs());
        } else if (notice instanceof MembershipPort.HealthScore health) {
            listener.healthScore(health.score());
        } else if (notice instanceof MembershipPort.Refuted refuted) {
            listener.refuted(refuted.accuser());
            log.atInfo().addKeyValue("accuser", refuted.accuser()).log("refuted a suspicion against this host");
        } else if (notice instanceof MembershipPort.BadSignature bad) {
            badSignature(bad.sender());
        } else {
            rareNotice(notice);
        }
    }

    private void badSignature(NodeId sender) {
        listener.badSignature(sender);
        if (isNews(new About("signature", sender))) {
            log.atWarn().addKeyValue("sender", sender).log("word with a wrong signature dropped");
        }
    }

    private void refusedNotice(MembershipPort.Notice notice) {
        if (notice instanceof MembershipPort.TableFull full) {
            listener.tableFull(full.newcomer(), full.sender());
            if (isNews("table")) {
                log.atError()
                        .addKeyValue("newcomer", full.newcomer())
                        .addKeyValue("sender", full.sender())
                        .log("the table of members is full: does a holder of the pool's key invent members?");
            }
        } else if (notice instanceof MembershipPort.RelayFull full) {
            listener.relayFull(full.asker());
            if (isNews(new About("relay", full.asker()))) {
                log.atWarn().addKeyValue("asker", full.asker()).log("asked for more help with probes than is given");
            }
        } else if (notice instanceof MembershipPort.ImplausibleIncarnation implausible) {
            listener.implausible(implausible.member());
            if (isNews(new About("incarnation", implausible.member()))) {
                log.atWarn()
                        .addKeyValue("member", implausible.member())
                        .addKeyValue("incarnation", implausible.incarnation())
                        .log("word not believed: was that host started with its clock far ahead, or its key stolen?");
            }
        }
    }

    void load(GossipLoad load) {
        listener.load(load);
    }

    private void rareNotice(MembershipPort.Notice notice) {
        if (notice instanceof MembershipPort.Frozen frozen) {
            listener.frozen(frozen.frozen());
            log.atWarn()
                    .addKeyValue("frozen", frozen.frozen())
                    .log("more than 30 % of the pool failed at once: this host may be cut off, keeps the last known");
        } else if (notice instanceof MembershipPort.CloneSuspected) {
            listener.cloneSuspected();
            if (isNews("clone")) {
                log.atError()
                        .log(
                                "another process speaks with the key of this host: stop the copy, remove node.key from it, join it anew");
            }
        } else if (notice instanceof MembershipPort.OnlyByStream only) {
            listener.datagramsLost(only.member());
            if (isNews(new About("udp", only.member()))) {
                log.atWarn()
                        .addKeyValue("member", only.member())
                        .log("answers over TCP but not over UDP: does a firewall drop the pool's datagrams?");
            }
        } else if (notice instanceof MembershipPort.Late late) {
            listener.late(late.nanos());
            if (isNews("late")) {
                log.atWarn()
                        .addKeyValue("late", Duration.ofNanos(late.nanos()))
                        .log("gossip timers run late; this host accuses nobody meanwhile: is it overloaded?");
            }
        } else if (notice instanceof MembershipPort.Paused paused) {
            listener.paused(paused.nanos());
            log.atWarn()
                    .addKeyValue("pause", Duration.ofNanos(paused.nanos()))
                    .log("this process was not running; it accuses nobody for what it missed");
        } else {
            refusedNotice(notice);
        }
    }

    void contentNotice(ReplicationNotice notice) {
        listener.contentNoticed(notice);
        switch (notice.kind()) {
            case DUPLICATE -> {}
            case EQUIVOCATION, OWN_IDENTITY_CLONED -> contentWarning(Level.ERROR, notice);
            case MALFORMED,
                    BAD_SIGNATURE,
                    MISMATCH,
                    SENDER_MUTED,
                    TOO_LARGE,
                    CLOCK_SKEW,
                    UNREADABLE_RECORD,
                    FOREIGN_CONTENT -> contentWarning(Level.WARN, notice);
            case TOO_MANY_VERIFICATIONS, TOO_MANY_PULLS, TOO_MANY_OWNERS, RESURRECTION_REFUSED, OWN_EPOCH_BEHIND ->
                contentWarning(Level.INFO, notice);
        }
    }

    private void contentWarning(Level level, ReplicationNotice notice) {
        if (isNews(notice)) {
            log.atLevel(level)
                    .addKeyValue("kind", notice.kind())
                    .addKeyValue("owner", notice.owner())
                    .addKeyValue("sender", notice.sender())
                    .log("content of an owner was not as it should be");
        }
    }

    void publicationRefused(String reason) {
        log.atError()
                .addKeyValue("reason", reason)
                .log("what this host offers is more than the pool carries; what was published before stays");
    }

    void lagged(long nanos) {
        listener.lagged(nanos);
    }

    void compared(PeerAddress peer, boolean complete, int differing) {
        listener.compared(peer.toString(), complete, differing);
    }

    void sent(int bytes) {
        listener.datagramSent(bytes);
    }

    void received(int bytes) {
        listener.datagramReceived(bytes);
    }

    /** A bug: whatever it was, the loop goes on. */
    void failed(String doing, Throwable cause) {
        listener.failed(cause);
        if (isNews(cause.getClass())) {
            log.atError().addKeyValue("doing", doing).setCause(cause).log("gossip failed at one step and goes on");
        }
    }

    void storageFailed(String what, Throwable cause) {
        log.atError().addKeyValue("what", what).setCause(cause).log("could not be written to disk");
    }

    private boolean isNews(Object subject) {
        long now = clock.nanos();
        Long before = lastLogged.get(subject);
        if (before != null && now - before < QUIET_NANOS) {
            return false;
        }
        lastLogged.remove(subject);
        if (lastLogged.size() >= MOST_QUIETED) {
            lastLogged.remove(lastLogged.keySet().iterator().next());
        }
        lastLogged.put(subject, now);
        return true;
    }
}
