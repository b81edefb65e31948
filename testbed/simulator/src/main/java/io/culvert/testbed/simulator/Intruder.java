package io.culvert.testbed.simulator;

import io.culvert.catalog.IpAddress;
import io.culvert.gossip.keyring.KeySchedules;
import io.culvert.gossip.wire.PeerAddress;
import io.culvert.testbed.simulator.fault.Intrusion;
import io.culvert.testbed.simulator.invariant.Intruded.Standing;
import java.util.List;
import java.util.SplittableRandom;

/** Somebody hostile at work: acts so many times a second upon hosts drawn by chance, until it is stopped. */
final class Intruder {
    private static final long SECOND = 1_000_000_000L;
    private static final int LONGEST_PACKET = 1_400;
    private static final int ENVELOPE = 54;

    private final SimulatedPool pool;
    private final Intrusion intrusion;
    private final SplittableRandom chance;
    private final PeerAddress address;
    private final List<Integer> victims;
    private final Insider insider;
    private boolean ended;

    Intruder(SimulatedPool pool, Intrusion intrusion, int number) {
        this.pool = pool;
        this.intrusion = intrusion;
        this.chance = pool.world().random("stranger " + number);
        this.address = new PeerAddress(IpAddress.ofIpv4(0x0a630000 + number), 8301);
        this.victims = intrusion.hosts().within(pool.nodes().size());
        this.insider = new Insider(pool, address, number);
    }

    void begin() {
        if (intrusion instanceof Intrusion.Replayer) {
            pool.network().overhear(true);
        } else if (intrusion instanceof Intrusion.Insider) {
            pool.network().add(address, insider::receive);
        }
        act();
    }

    void end() {
        ended = true;
        pool.network().overhear(false);
        pool.network().remove(address);
    }

    void use(KeySchedules keys) {
        insider.use(keys);
    }

    private void act() {
        if (ended || victims.isEmpty()) {
            return;
        }
        SimulatedNode victim = pool.nodes().get(victims.get(chance.nextInt(victims.size())));
        if (victim.isRunning()) {
            strike(victim);
        }
        pool.world().after(SECOND / Math.max(1, intrusion.rate()), this::act);
    }

    private void strike(SimulatedNode victim) {
        if (intrusion instanceof Intrusion.Forger) {
            victim.receiveFromStranger(forged(), address, Standing.KEYLESS);
        } else if (intrusion instanceof Intrusion.Replayer) {
            replay(victim);
        } else if (intrusion instanceof Intrusion.Insider deed) {
            insider.act(deed.deed(), victim);
        } else {
            flood(victim);
        }
    }

    private byte[] forged() {
        byte[] bytes = new byte[chance.nextInt(LONGEST_PACKET)];
        chance.nextBytes(bytes);
        SimulatedNetwork.Overheard packet = pool.network().overheard(chance);
        if (packet != null && chance.nextBoolean()) {
            // What is in the clear is right; the rest is not.
            System.arraycopy(packet.bytes(), 0, bytes, 0, Math.min(bytes.length, ENVELOPE));
        }
        return bytes;
    }

    private void replay(SimulatedNode other) {
        SimulatedNetwork.Overheard packet = pool.network().overheard(chance);
        if (packet == null) {
            return;
        }
        if (chance.nextBoolean()) {
            byte[] flipped = packet.bytes().clone();
            int bit = chance.nextInt(flipped.length * 8);
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            other.receiveFromStranger(flipped, address, Standing.KEYLESS);
        } else {
            // Who has begun again meanwhile cannot know that he had it: the sender must show that it lives.
            boolean hadIt = packet.to().life() == packet.life();
            packet.to().receiveFromStranger(packet.bytes(), address, hadIt ? Standing.KEYLESS : Standing.COOKIELESS);
        }
    }

    private void flood(SimulatedNode victim) {
        long number = victim.accept(address);
        if (number == 0) {
            return;
        }
        long life = victim.life();
        switch (chance.nextInt(3)) {
            case 0 -> {
                byte[] anything = new byte[chance.nextInt(100_000)];
                chance.nextBytes(anything);
                victim.streamBytes(number, anything, life);
            }
            case 1 -> drip(victim, number, life);
            default -> {
                // Left to hang until the victim's patience ends.
            }
        }
    }

    private void drip(SimulatedNode victim, long number, long life) {
        if (!ended && victim.life() == life) {
            victim.streamBytes(number, new byte[] {1}, life);
            pool.world().after(SECOND, () -> drip(victim, number, life));
        }
    }
}
