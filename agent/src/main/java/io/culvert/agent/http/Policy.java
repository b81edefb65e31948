package io.culvert.agent.http;

import io.culvert.identity.Intention;
import io.culvert.identity.IntentionSource;
import io.culvert.identity.Subscription;
import io.culvert.identity.TrustBundle;
import java.time.Duration;
import java.util.Optional;

/** Intentions and roots: reading is local, writing goes to a server. Any thread. */
public interface Policy {
    IntentionSource intentions();

    /** The roots trusted now; empty before this host has joined. */
    Optional<TrustBundle> bundle();

    /** Calls {@code listener} after each change of the roots; quick, must not block. */
    Subscription onBundleChange(Runnable listener);

    /** How long ago a server last confirmed what is known here; zero on a server; empty: never. */
    Optional<Duration> age();

    /** Creates or replaces the intention of its pair; in force on this host when it is {@link Written}. May block. */
    WriteOutcome put(Intention intention);

    /** Removes the intention of a pair; of one that is not there as well. May block. */
    WriteOutcome delete(Intention.Pair pair);

    /** What became of a write. */
    sealed interface WriteOutcome {}

    record Written() implements WriteOutcome {}

    /** The server does not want it, such as a change of what stands in a file. */
    record Refused(String message) implements WriteOutcome {}

    /** No server answered in time; the message begins with Consul's {@code No cluster leader}. */
    record Unreachable(String message) implements WriteOutcome {}
}
