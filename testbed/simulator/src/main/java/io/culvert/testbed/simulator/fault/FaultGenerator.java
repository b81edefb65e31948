package io.culvert.testbed.simulator.fault;

import io.culvert.testbed.simulator.fault.Stage.DiskFate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Draws scripts: loss and delay all the time, and some of everything else, in any order and overlapping. */
public final class FaultGenerator {
    private final SplittableRandom chance;
    private final int members;
    private final Duration within;

    /** @param within in which all faults begin and end */
    public FaultGenerator(SplittableRandom chance, int members, Duration within) {
        this.chance = chance;
        this.members = members;
        this.within = within;
    }

    public FaultScript draw() {
        List<Fault> faults = new ArrayList<>();
        faults.add(new LinkFault.Loss(Duration.ZERO, within, Hosts.ALL, Hosts.ALL, percent(25)));
        faults.add(new LinkFault.Delay(Duration.ZERO, within, Hosts.ALL, Hosts.ALL, millis(0, 30), millis(1, 30)));
        int number = 5 + chance.nextInt(8);
        for (int i = 0; i < number; i++) {
            Duration at = millis(0, within.toMillis() * 2 / 3);
            Duration length = millis(1_000, within.minus(at).toMillis());
            faults.add(any(at, length));
        }
        for (int i = 0; i < Math.min(members / 2, 50); i++) {
            faults.add(new HostFault.Publish(millis(0, within.toMillis()), Duration.ZERO, one()));
        }
        return new FaultScript(faults);
    }

    private Fault any(Duration at, Duration length) {
        return switch (chance.nextInt(10)) {
            case 0, 1, 2 -> host(at, length);
            case 3, 4 -> stay(at, length);
            case 5, 6 -> packets(at, length);
            case 7 -> cut(at, length);
            case 8 -> stream(at, length);
            default -> intrusion(at, length);
        };
    }

    // What a process or its machine goes through; the first host is whom newcomers ask, and stays.
    private Fault host(Duration at, Duration length) {
        return switch (chance.nextInt(6)) {
            case 0, 1 -> new HostFault.Crash(at, mayReturn(length), oneButFirst(), fate());
            case 2 -> new HostFault.Crash(at, length, someButFirst(), DiskFate.KEPT);
            case 3 -> new HostFault.Leave(at, mayReturn(length), oneButFirst());
            case 4 -> new HostFault.RollingRestart(at, length, someButFirst(), Duration.ofSeconds(2));
            default -> new HostFault.AddressSwap(at, Duration.ZERO, someButFirst());
        };
    }

    private Fault stay(Duration at, Duration length) {
        return switch (chance.nextInt(6)) {
            case 0, 1 -> new HostFault.Pause(at, length, few());
            case 2 -> new HostFault.SlowProcessor(at, length, few(), millis(1, 60), 16 + chance.nextInt(1_000));
            case 3 ->
                new HostFault.ClockStep(at, length, few(), Duration.ofSeconds(chance.nextLong(-200_000, 200_000)));
            case 4 -> new HostFault.ClockDrift(at, length, few(), chance.nextInt(-5_000, 5_000));
            default -> new HostFault.KeyRotation(at, within.minus(at), Hosts.ALL);
        };
    }

    private Fault packets(Duration at, Duration length) {
        Hosts from = chance.nextBoolean() ? Hosts.ALL : few();
        Hosts to = from.equals(Hosts.ALL) && chance.nextBoolean() ? Hosts.ALL : few();
        return switch (chance.nextInt(9)) {
            case 0 -> new LinkFault.BurstLoss(at, length, from, to, percent(5), percent(30) + 0.05, percent(100));
            case 1 -> new LinkFault.Loss(at, length, few(), Hosts.ALL, percent(100));
            case 2 -> new LinkFault.Duplication(at, length, from, to, percent(30));
            case 3 -> new LinkFault.Reordering(at, length, from, to, percent(30), millis(1, 100));
            case 4 -> new LinkFault.BitFlip(at, length, from, to, percent(10));
            case 5 -> new LinkFault.Truncation(at, length, from, to, percent(10));
            case 6 -> new LinkFault.Mtu(at, length, from, to, 250 + chance.nextInt(1_000));
            case 7 ->
                new LinkFault.Bandwidth(
                        at, length, few(), Hosts.ALL, 2_000 + chance.nextInt(100_000), 500 + chance.nextInt(10_000));
            default -> new LinkFault.UdpBlock(at, length, few(), Hosts.ALL);
        };
    }

    private Fault cut(Duration at, Duration length) {
        Hosts side = few();
        return switch (chance.nextInt(5)) {
            case 0 -> new LinkFault.Cut(at, length, Hosts.ALL, side, false);
            case 1 -> new LinkFault.Cut(at, length, side, few(), false);
            case 2 -> new LinkFault.Nat(at, length, side, millis(1_000, 30_000));
            case 3 -> half(at, length);
            default -> new LinkFault.Cut(at, length, side, side.others(members), true);
        };
    }

    private Fault half(Duration at, Duration length) {
        List<Integer> one = new ArrayList<>();
        for (int host = 0; host < members; host++) {
            if (chance.nextBoolean()) {
                one.add(host);
            }
        }
        return new LinkFault.Cut(at, length, Hosts.of(one), Hosts.of(one).others(members), true);
    }

    private Fault stream(Duration at, Duration length) {
        Hosts to = chance.nextBoolean() ? Hosts.ALL : few();
        double share = percent(60);
        return switch (chance.nextInt(5)) {
            case 0 -> new StreamFault.ConnectTimeout(at, length, Hosts.ALL, to, share);
            case 1 -> new StreamFault.HalfOpen(at, length, Hosts.ALL, to, share);
            case 2 -> new StreamFault.StreamReset(at, length, Hosts.ALL, to, share, chance.nextInt(4_000));
            case 3 -> new StreamFault.SlowReader(at, length, Hosts.ALL, to, share, 100 + chance.nextInt(5_000));
            default -> new StreamFault.BlackHole(at, length, Hosts.ALL, to, share, chance.nextInt(4_000));
        };
    }

    private Fault intrusion(Duration at, Duration length) {
        int rate = 1 + chance.nextInt(50);
        Hosts victims = chance.nextBoolean() ? Hosts.ALL : few();
        return switch (chance.nextInt(5)) {
            case 0 -> new Intrusion.Forger(at, length, victims, rate);
            case 1 -> new Intrusion.Replayer(at, length, victims, rate);
            case 2 -> new Intrusion.SessionFlood(at, length, victims, rate);
            default ->
                new Intrusion.Insider(
                        at,
                        length,
                        victims,
                        rate,
                        Intrusion.Deed.values()[chance.nextInt(Intrusion.Deed.values().length)]);
        };
    }

    private DiskFate fate() {
        return DiskFate.values()[chance.nextInt(DiskFate.values().length)];
    }

    private Duration mayReturn(Duration length) {
        return chance.nextInt(3) == 0 ? Duration.ZERO : length;
    }

    private Hosts one() {
        return Hosts.of(chance.nextInt(members));
    }

    private Hosts oneButFirst() {
        return Hosts.of(1 + chance.nextInt(members - 1));
    }

    // One to three hosts.
    private Hosts few() {
        return Hosts.of(chance.ints(1 + chance.nextInt(3), 0, members).toArray());
    }

    private Hosts someButFirst() {
        return Hosts.of(chance.ints(2 + chance.nextInt(Math.max(1, members / 10)), 1, members)
                .toArray());
    }

    // In whole percent, so that a script reads well.
    private double percent(int most) {
        return (1 + chance.nextInt(most)) / 100.0;
    }

    private Duration millis(long least, long most) {
        return Duration.ofMillis(least + chance.nextLong(Math.max(1, most - least)));
    }
}
