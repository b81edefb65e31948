package io.culvert.agent.local;

import io.culvert.catalog.CheckState;
import io.culvert.catalog.CheckStatus;

/** Maintenance is a check that is critical for as long as it is there; ids, names and sentences are Consul's. */
public final class Maintenance {
    /** Id of the check that puts the whole host into maintenance. */
    public static final String NODE_CHECK = "_node_maintenance";

    private static final String SERVICE_PREFIX = "_service_maintenance:";
    private static final String NODE_REASON =
            "Maintenance mode is enabled for this node, but no reason was provided. This is a default message.";
    private static final String SERVICE_REASON =
            "Maintenance mode is enabled for this service, but no reason was provided. This is a default message.";

    private Maintenance() {}

    /** Id of the check that puts one service into maintenance. */
    public static String serviceCheck(String serviceId) {
        return SERVICE_PREFIX + serviceId;
    }

    static String serviceId(String checkId) {
        return checkId.startsWith(SERVICE_PREFIX) ? checkId.substring(SERVICE_PREFIX.length()) : "";
    }

    /** Whether this id may be used by no declared check. */
    static boolean isReserved(String checkId) {
        return checkId.equals(NODE_CHECK) || checkId.startsWith(SERVICE_PREFIX);
    }

    static CheckState check(String checkId, String reason) {
        String serviceId = serviceId(checkId);
        String name = serviceId.isEmpty() ? "Node Maintenance Mode" : "Service Maintenance Mode";
        String ownReason = serviceId.isEmpty() ? NODE_REASON : SERVICE_REASON;
        return new CheckState(
                checkId,
                name,
                CheckStatus.CRITICAL,
                serviceId,
                CheckState.MAINTENANCE,
                reason.isEmpty() ? ownReason : reason);
    }
}
