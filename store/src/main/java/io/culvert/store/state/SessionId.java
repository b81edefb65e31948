package io.culvert.store.state;

import java.util.UUID;

/** Names a session. Drawn by whoever creates it, so that applying the command needs no chance. */
public record SessionId(UUID uuid) implements Comparable<SessionId> {
    private static final int TEXT_LENGTH = 36;

    /** @throws IllegalArgumentException unless {@code text} is a UUID in its full form */
    public static SessionId parse(String text) {
        // UUID.fromString takes shortened groups; two spellings of one id would be two locks for the eye.
        if (text.length() != TEXT_LENGTH) {
            throw new IllegalArgumentException("session id (expected: a UUID such as"
                    + " 838f2a07-4c31-4e0c-8b3b-3a2b5d9f1c10, of 36 characters)");
        }
        return new SessionId(UUID.fromString(text));
    }

    @Override
    public int compareTo(SessionId other) {
        int high = Long.compareUnsigned(uuid.getMostSignificantBits(), other.uuid.getMostSignificantBits());
        return high != 0
                ? high
                : Long.compareUnsigned(uuid.getLeastSignificantBits(), other.uuid.getLeastSignificantBits());
    }

    @Override
    public String toString() {
        return uuid.toString();
    }
}
