package io.culvert.identity.join;

import java.time.Instant;
import java.util.Optional;

/**
 * What the server remembers of a token. The secret itself is not among it.
 *
 * @param secretHash SHA-256 of the secret, in hexadecimal; enough for 256 random bits
 * @param usesLeft how many hosts may still join with it
 * @param lastUsedBy the node that used it last
 */
public record IssuedToken(
        long id, String secretHash, Instant issued, Instant expires, int usesLeft, Optional<String> lastUsedBy) {
    boolean isLive(Instant now) {
        return usesLeft > 0 && now.isBefore(expires);
    }

    IssuedToken usedBy(String node) {
        return new IssuedToken(id, secretHash, issued, expires, usesLeft - 1, Optional.of(node));
    }

    /** Without the hash, which is nobody's business. */
    @Override
    public String toString() {
        return "IssuedToken[" + JoinToken.printId(id) + ", expires=" + expires + ", usesLeft=" + usesLeft + "]";
    }
}
