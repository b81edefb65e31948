package io.culvert.identity;

import java.time.Instant;
import java.util.function.Function;

/** What became of checking a peer's certificate. */
public sealed interface PeerVerdict permits PeerVerdict.Verified, PeerVerdict.Rejected {
    /** One value from either case. */
    <T> T fold(Function<Verified, T> verified, Function<Rejected, T> rejected);

    /**
     * The peer is who it says.
     *
     * @param notAfter when the first certificate of the path expires
     */
    record Verified(SpiffeId id, Instant notAfter) implements PeerVerdict {
        @Override
        public <T> T fold(Function<Verified, T> verified, Function<Rejected, T> rejected) {
            return verified.apply(this);
        }
    }

    /** The peer is not let in; {@code sentence} is for the log of this side only. */
    record Rejected(Fault fault, String sentence) implements PeerVerdict {
        @Override
        public <T> T fold(Function<Verified, T> verified, Function<Rejected, T> rejected) {
            return rejected.apply(this);
        }
    }

    /** Why a peer is rejected: label of the counter and field of the log line. */
    enum Fault {
        NO_CERTIFICATE,
        CHAIN_TOO_LONG,
        WEAK_KEY,
        WRONG_USAGE,
        EXPIRED,
        NOT_YET_VALID,
        UNTRUSTED,
        NO_IDENTITY,
        WRONG_TRUST_DOMAIN,
        WRONG_IDENTITY
    }
}
