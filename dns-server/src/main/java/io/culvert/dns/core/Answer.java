package io.culvert.dns.core;

import java.util.List;

/**
 * What is true about a question, before it is shuffled, limited and written.
 *
 * @param rcode a {@link ResponseCode}
 * @param entries records of the answer section, all owned by the name asked for
 * @param zone whose SOA goes into the authority section of an answer without records; with SERVFAIL none is sent
 * @param freshness tells whether the same question would be answered in the same way by a later view
 */
record Answer(int rcode, List<Entry> entries, DnsName zone, Freshness freshness) {
    Answer {
        entries = List.copyOf(entries);
    }

    /**
     * One record of the answer section and the records that go with it.
     *
     * @param ttl in seconds
     */
    record Entry(ResourceData data, int ttl, List<Extra> extras) {
        Entry {
            extras = List.copyOf(extras);
        }

        Entry(ResourceData data, int ttl) {
            this(data, ttl, List.of());
        }
    }

    /** A record of the additional section. */
    record Extra(DnsName owner, ResourceData data, int ttl) {}

    /** Whether an answer still holds. Cheap: a look or two into maps. */
    @FunctionalInterface
    interface Freshness {
        /** For what follows from the question alone. */
        Freshness ALWAYS = view -> true;

        /** For what is not worth keeping. */
        Freshness NEVER = view -> false;

        boolean holdsIn(View view);
    }

    static Answer of(List<Entry> entries, DnsName zone, Freshness freshness) {
        return new Answer(ResponseCode.NO_ERROR, entries, zone, freshness);
    }

    /** The name exists, but has no record of the type asked for. */
    static Answer noData(DnsName zone) {
        return new Answer(ResponseCode.NO_ERROR, List.of(), zone, Freshness.NEVER);
    }

    static Answer nameError(DnsName zone) {
        return new Answer(ResponseCode.NAME_ERROR, List.of(), zone, Freshness.NEVER);
    }

    static Answer serverFailure(DnsName zone) {
        return new Answer(ResponseCode.SERVER_FAILURE, List.of(), zone, Freshness.NEVER);
    }

    /** RFC 2308: answers without records carry the SOA, so that they can be kept. */
    boolean hasAuthority() {
        return entries.isEmpty() && rcode != ResponseCode.SERVER_FAILURE;
    }
}
