package io.culvert.proxy.local;

import java.util.Optional;

/** Whom an upstream lets connect, beyond what the file's mode says. What is absent is not asked. */
record Allowed(Optional<Integer> uid, Optional<Integer> gid) {
    boolean isEverybody() {
        return uid.isEmpty() && gid.isEmpty();
    }

    boolean allows(int callerUid, Optional<Integer> callerGid) {
        return uid.map(wanted -> wanted == callerUid).orElse(true)
                && gid.map(wanted -> callerGid.map(wanted::equals).orElse(false))
                        .orElse(true);
    }
}
