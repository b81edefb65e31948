package io.culvert.proxy.local;

import io.culvert.catalog.ServiceName;
import io.culvert.proxy.LocalCaller;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Which user is which service. A user that two services claim is neither. Immutable. */
final class CallerTable {
    static final CallerTable EMPTY = new CallerTable(Map.of());

    private static final Logger log = LoggerFactory.getLogger(CallerTable.class);

    private final Map<Integer, ServiceName> byUid;

    private CallerTable(Map<Integer, ServiceName> byUid) {
        this.byUid = byUid;
    }

    /** Looks the users up: blocks. */
    static CallerTable of(List<LocalCaller> callers, Accounts accounts) {
        Map<Integer, ServiceName> byUid = new HashMap<>();
        Set<Integer> claimedTwice = new HashSet<>();
        for (LocalCaller caller : callers) {
            Optional<Integer> uid = accounts.uid(caller.user());
            if (uid.isEmpty()) {
                log.atWarn()
                        .addKeyValue("service", caller.service())
                        .addKeyValue("user", caller.user())
                        .log("no such user: the service is not recognised by it");
                continue;
            }
            ServiceName other = byUid.putIfAbsent(uid.get(), caller.service());
            if (other != null && !other.equals(caller.service())) {
                claimedTwice.add(uid.get());
                log.atWarn()
                        .addKeyValue("user", caller.user())
                        .addKeyValue("services", other + ", " + caller.service())
                        .log("two services claim one user: its callers count as the host");
            }
        }
        byUid.keySet().removeAll(claimedTwice);
        return new CallerTable(Map.copyOf(byUid));
    }

    /** Whether nobody can be told apart by user. */
    boolean isEmpty() {
        return byUid.isEmpty();
    }

    Optional<ServiceName> service(int uid) {
        return Optional.ofNullable(byUid.get(uid));
    }
}
