package io.culvert.gossip.core;

import io.culvert.gossip.identity.PoolLabel;
import io.culvert.gossip.keyring.KeySchedules;
import io.culvert.gossip.keyring.Keyring;
import io.culvert.gossip.keyring.PoolKey;
import io.culvert.gossip.membership.FakeSigner;
import io.culvert.gossip.membership.MemberChange;
import io.culvert.gossip.membership.Membership;
import io.culvert.gossip.membership.MembershipPort;
import io.culvert.gossip.membership.SwimSettings;
import io.culvert.gossip.wire.Frame;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** One machine in the hands of a test. Signatures are right; the disk and the network are the test's. */
final class MachineDriver {
    static final long MILLISECOND = 1_000_000;
    static final long SECOND = 1_000 * MILLISECOND;

    final GossipMachine machine;
    final List<Effect.Send> sent = new ArrayList<>();
    final List<MemberChange> changes = new ArrayList<>();
    final List<MembershipPort.Notice> notices = new ArrayList<>();
    Instant wall = Instant.ofEpochSecond(1_770_000_000);
    long now = 10 * SECOND;
    int streams;

    MachineDriver(SwimSettings settings) {
        KeySchedules keys = new KeySchedules(new PoolLabel("test"), Keyring.of(PoolKey.of(new byte[32])));
        FakeSigner self = new FakeSigner(0);
        SplittableRandom random = new SplittableRandom(1);
        machine = new GossipMachine(
                new GossipMachine.Parts(
                        settings,
                        new Membership.Identity(self, self.address(), 8443, false),
                        100,
                        new GossipMachine.Security(
                                new EnvelopeGuard(keys, self.id(), random),
                                new EnvelopeStreams(self.id(), random),
                                keys),
                        new GossipMachine.Chance(random, () -> wall)),
                now);
        machine.start(now);
        perform();
    }

    /** Makes {@code members} known, as if the disk had remembered them. */
    void know(FakeSigner... members) {
        List<Frame> words = new ArrayList<>();
        for (FakeSigner member : members) {
            words.add(member.alive(0));
        }
        machine.recall(words, now);
        perform();
    }

    void perform() {
        for (List<Effect> effects = machine.drain(); !effects.isEmpty(); effects = machine.drain()) {
            for (Effect effect : effects) {
                if (effect instanceof Effect.Verify verify) {
                    machine.onVerdict(verify.check(), true, now);
                } else if (effect instanceof Effect.Send send) {
                    sent.add(send);
                } else if (effect instanceof Effect.Changed changed) {
                    changes.add(changed.change());
                } else if (effect instanceof Effect.Notice notice) {
                    notices.add(notice.notice());
                } else if (effect instanceof Effect.OpenStream open) {
                    streams++;
                    machine.onStreamClosed(open.stream(), now);
                }
            }
        }
    }

    /** Time passes and every timer runs when it is due. */
    void pass(long nanos) {
        long end = now + nanos;
        while (machine.nextAt() <= end) {
            jump(Math.max(0, machine.nextAt() - now));
            machine.onTimer(now);
            perform();
        }
        jump(end - now);
    }

    /** Time passes and nothing runs. */
    void jump(long nanos) {
        now += nanos;
        wall = wall.plusNanos(nanos);
    }

    long count(Class<? extends MembershipPort.Notice> kind) {
        return notices.stream().filter(kind::isInstance).count();
    }
}
