package io.culvert.catalog;

/**
 * A check as everybody may know it. Its output is not part of it: that stays on the owner's host.
 *
 * @param id unique on its node
 * @param name for people
 * @param serviceId the instance it belongs to; empty for a check of the node
 * @param type {@code ttl}, {@code http}, {@code tcp}, {@code unix}, {@code script}, {@code grpc}, {@code alias},
 *     {@code maintenance}
 * @param notes for people
 */
public record CheckState(String id, String name, CheckStatus status, String serviceId, String type, String notes) {
    public static final String MAINTENANCE = "maintenance";

    public CheckState withStatus(CheckStatus changed) {
        return new CheckState(id, name, changed, serviceId, type, notes);
    }

    public boolean isMaintenance() {
        return type.equals(MAINTENANCE);
    }
}
