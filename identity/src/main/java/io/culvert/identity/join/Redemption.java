package io.culvert.identity.join;

import java.time.Instant;

/** What became of a host that showed a token. */
public sealed interface Redemption {
    /** A sentence for the one who tried to join. */
    String sentence();

    /** The host may join. {@code next} must be on disk before anything is handed out, or the token could be used again. */
    record Accepted(JoinTokenLedger next) implements Redemption {
        @Override
        public String sentence() {
            return "the join token is accepted";
        }
    }

    /** No such token was issued here, or it was revoked, or it is gone for long. */
    record Unknown(long id) implements Redemption {
        @Override
        public String sentence() {
            return "join token " + JoinToken.printId(id)
                    + " is not known here: it was revoked, is of another mesh, or is long past; make a new one with"
                    + " 'culvert join-token' on a server";
        }
    }

    /** It came too late. */
    record Expired(long id, Instant at) implements Redemption {
        @Override
        public String sentence() {
            return "join token " + JoinToken.printId(id) + " expired at " + at
                    + "; make a new one with 'culvert join-token' on a server";
        }
    }

    /** It has no uses left. */
    record AlreadyUsed(long id, String by) implements Redemption {
        @Override
        public String sentence() {
            return "join token " + JoinToken.printId(id) + " was already used, last by node '" + by
                    + "'; if that was not you, somebody else has it; make a new one with 'culvert join-token' on a"
                    + " server";
        }
    }

    /** The id is known, the secret is not the one that goes with it. */
    record WrongSecret(long id) implements Redemption {
        @Override
        public String sentence() {
            return "join token " + JoinToken.printId(id) + ": its secret is wrong";
        }
    }
}
