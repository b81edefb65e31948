package io.culvert.testbed.simulator.fault;

import java.time.Duration;

/** What the network does to packets on the way from some hosts to others; each direction is a link of its own. */
public sealed interface LinkFault extends Fault {
    Hosts from();

    Hosts to();

    /** Does its deed to one packet of a link that it befalls. */
    void affect(Passage passage);

    /** The share of packets that it costs; zero where that is not the point. */
    default double lossShare() {
        return 0;
    }

    /** Whether it also stops streams for as long as it lasts. */
    default boolean cutsStreams() {
        return false;
    }

    @Override
    default void begin(Stage stage) {
        stage.links().add(this);
    }

    @Override
    default void end(Stage stage) {
        stage.links().remove(this);
    }

    /** Each packet is lost with this chance. */
    record Loss(Duration at, Duration length, Hosts from, Hosts to, double share) implements LinkFault {
        @Override
        public double lossShare() {
            return share;
        }

        @Override
        public void affect(Passage passage) {
            passage.loseWithChance(share);
        }

        @Override
        public Hosts excuses() {
            return Excuses.beyond(lossShare(), from, to);
        }
    }

    /**
     * Gilbert and Elliott's two states: in the bad one packets are lost with chance {@code lossInBad}.
     *
     * @param enter chance at each packet to turn bad
     * @param leave chance at each packet to turn good
     */
    record BurstLoss(Duration at, Duration length, Hosts from, Hosts to, double enter, double leave, double lossInBad)
            implements LinkFault {
        @Override
        public double lossShare() {
            return lossInBad * enter / (enter + leave);
        }

        @Override
        public void affect(Passage passage) {
            long[] bad = passage.memory();
            bad[0] = passage.chance().nextDouble() < (bad[0] == 0 ? enter : 1 - leave) ? 1 : 0;
            if (bad[0] == 1) {
                passage.loseWithChance(lossInBad);
            }
        }

        @Override
        public Hosts excuses() {
            return Excuses.beyond(lossShare(), from, to);
        }
    }

    /** Longer on the way: {@code base}, and up to {@code jitter}; one in a hundred up to ten times the jitter. */
    record Delay(Duration at, Duration length, Hosts from, Hosts to, Duration base, Duration jitter)
            implements LinkFault {
        private static final double TAIL = 0.01;

        @Override
        public void affect(Passage passage) {
            long most = jitter.toNanos() * (passage.chance().nextDouble() < TAIL ? 10 : 1);
            passage.delay(base.toNanos() + passage.chance().nextLong(most + 1));
        }

        @Override
        public Hosts excuses() {
            // Beyond half of the probe's timeout answers come too late.
            boolean borne = base.plus(jitter).toMillis() <= 125;
            return borne ? Hosts.NONE : Excuses.either(from, to);
        }
    }

    /** Arrives twice with this chance. */
    record Duplication(Duration at, Duration length, Hosts from, Hosts to, double share) implements LinkFault {
        @Override
        public void affect(Passage passage) {
            if (passage.chance().nextDouble() < share) {
                passage.repeat();
            }
        }
    }

    /** Held back with this chance, by up to {@code window}: others overtake it. */
    record Reordering(Duration at, Duration length, Hosts from, Hosts to, double share, Duration window)
            implements LinkFault {
        @Override
        public void affect(Passage passage) {
            if (passage.chance().nextDouble() < share) {
                passage.delay(passage.chance().nextLong(window.toNanos() + 1));
            }
        }
    }

    /** One bit is another with this chance. */
    record BitFlip(Duration at, Duration length, Hosts from, Hosts to, double share) implements LinkFault {
        @Override
        public double lossShare() {
            return share;
        }

        @Override
        public void affect(Passage passage) {
            if (passage.chance().nextDouble() < share) {
                passage.flipBit();
            }
        }
    }

    /** The end is missing with this chance. */
    record Truncation(Duration at, Duration length, Hosts from, Hosts to, double share) implements LinkFault {
        @Override
        public double lossShare() {
            return share;
        }

        @Override
        public void affect(Passage passage) {
            if (passage.chance().nextDouble() < share) {
                passage.truncate();
            }
        }
    }

    /** Larger packets than this never arrive, and nobody is told. */
    record Mtu(Duration at, Duration length, Hosts from, Hosts to, int bytes) implements LinkFault {
        @Override
        public void affect(Passage passage) {
            if (passage.length() > bytes) {
                passage.lose();
            }
        }

        @Override
        public Hosts excuses() {
            // A probe with its cookies fits into this; smaller ones cut the link.
            return bytes >= 200 ? Hosts.NONE : Excuses.either(from, to);
        }
    }

    /** A thin line: so many bytes pass a second, and so many wait. */
    record Bandwidth(Duration at, Duration length, Hosts from, Hosts to, int bytesPerSecond, int queueBytes)
            implements LinkFault {
        @Override
        public void affect(Passage passage) {
            long[] freeAt = passage.memory();
            long waiting = Math.max(0, freeAt[0] - passage.now());
            if (waiting * bytesPerSecond / 1_000_000_000L > queueBytes) {
                passage.lose();
            } else {
                long takes = passage.length() * 1_000_000_000L / bytesPerSecond;
                freeAt[0] = passage.now() + waiting + takes;
                passage.delay(waiting + takes);
            }
        }

        @Override
        public Hosts excuses() {
            return bytesPerSecond >= 10_000 && queueBytes <= bytesPerSecond / 8 ? Hosts.NONE : Excuses.either(from, to);
        }
    }

    /** Nothing passes, datagrams and streams alike; {@code both}: nor the other way. */
    record Cut(Duration at, Duration length, Hosts from, Hosts to, boolean both) implements LinkFault {
        @Override
        public void affect(Passage passage) {
            passage.lose();
        }

        @Override
        public boolean cutsStreams() {
            return true;
        }

        @Override
        public void begin(Stage stage) {
            stage.links().add(this);
            if (both) {
                stage.links().add(back());
            }
        }

        @Override
        public void end(Stage stage) {
            stage.links().remove(this);
            if (both) {
                stage.links().remove(back());
            }
        }

        private Cut back() {
            return new Cut(at, length, to, from, false);
        }

        @Override
        public Hosts excuses() {
            return Excuses.either(from, to);
        }
    }

    /** No datagrams; streams pass, and with them the probes: nobody has an excuse. */
    record UdpBlock(Duration at, Duration length, Hosts from, Hosts to) implements LinkFault {
        @Override
        public void affect(Passage passage) {
            if (!passage.isStream()) {
                passage.lose();
            }
        }
    }

    /** {@code to} are behind a translator: heard is only whom they spoke to within {@code timeout}; no stream gets in. */
    record Nat(Duration at, Duration length, Hosts to, Duration timeout) implements LinkFault {
        @Override
        public Hosts from() {
            return Hosts.ALL;
        }

        @Override
        public void affect(Passage passage) {
            if (to.contains(passage.from())) {
                passage.memoryOf(passage.from(), passage.to())[0] = passage.now() + timeout.toNanos();
            }
            if (to.contains(passage.to()) && passage.memoryOf(passage.to(), passage.from())[0] <= passage.now()) {
                passage.lose();
            }
        }

        @Override
        public void begin(Stage stage) {
            stage.links().addEverywhere(this);
        }

        @Override
        public Hosts excuses() {
            return to;
        }
    }
}
