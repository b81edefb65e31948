package io.culvert.testbed.simulator.fault;

import io.culvert.testbed.simulator.fault.StreamTerms.Opening;
import java.time.Duration;
import java.util.SplittableRandom;

/** What befalls streams that are opened from some hosts to others while it lasts. Datagrams pass: nobody has an excuse. */
public sealed interface StreamFault extends Fault {
    Hosts from();

    Hosts to();

    /** The chance with which a stream is befallen. */
    double share();

    StreamTerms worsen(StreamTerms terms);

    default StreamTerms on(StreamTerms terms, SplittableRandom chance) {
        return chance.nextDouble() < share() ? worsen(terms) : terms;
    }

    @Override
    default void begin(Stage stage) {
        stage.links().add(this);
    }

    @Override
    default void end(Stage stage) {
        stage.links().remove(this);
    }

    /** The call is never answered. */
    record ConnectTimeout(Duration at, Duration length, Hosts from, Hosts to, double share) implements StreamFault {
        @Override
        public StreamTerms worsen(StreamTerms terms) {
            return terms.opening(Opening.TIMES_OUT);
        }
    }

    /** Accepted by the kernel, served by nobody. */
    record HalfOpen(Duration at, Duration length, Hosts from, Hosts to, double share) implements StreamFault {
        @Override
        public StreamTerms worsen(StreamTerms terms) {
            return terms.opening(Opening.HALF_OPEN);
        }
    }

    /** Broken in the middle. */
    record StreamReset(Duration at, Duration length, Hosts from, Hosts to, double share, int afterBytes)
            implements StreamFault {
        @Override
        public StreamTerms worsen(StreamTerms terms) {
            return terms.resetAfter(afterBytes);
        }
    }

    /** The called side reads that slowly. */
    record SlowReader(Duration at, Duration length, Hosts from, Hosts to, double share, int bytesPerSecond)
            implements StreamFault {
        @Override
        public StreamTerms worsen(StreamTerms terms) {
            return terms.slow(bytesPerSecond);
        }
    }

    /** Nothing arrives any more after so many bytes. */
    record BlackHole(Duration at, Duration length, Hosts from, Hosts to, double share, int afterBytes)
            implements StreamFault {
        @Override
        public StreamTerms worsen(StreamTerms terms) {
            return terms.swallowAfter(afterBytes);
        }
    }
}
