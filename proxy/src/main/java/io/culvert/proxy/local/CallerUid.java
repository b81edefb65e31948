package io.culvert.proxy.local;

import java.util.Optional;

/**
 * Who owns the other end of a local TCP connection.
 *
 * @param uid empty: nobody can say, and nobody may be assumed
 * @param reason why nobody can say
 */
public record CallerUid(Optional<Integer> uid, String reason) {
    /** Stands for users of other user namespaces: says nothing. */
    static final int OVERFLOW_UID = 65_534;

    static CallerUid unknown(String reason) {
        return new CallerUid(Optional.empty(), reason);
    }

    /**
     * A row of the kernel's table. Sockets in their last states show user 0 and inode 0, whoever owned them.
     */
    static CallerUid of(int uid, long inode) {
        if (inode == 0) {
            return unknown("the caller has closed its socket already");
        }
        if (uid == OVERFLOW_UID) {
            return unknown("the caller's user is not of this host's user namespace");
        }
        return new CallerUid(Optional.of(uid), "");
    }
}
