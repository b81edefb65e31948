package io.culvert.testbed.scenarios;

import java.util.Map;

/** The kinds of visits that {@code StrangerProgram} pays, what becomes of them, and under which reason they are counted. */
enum StrangerKind {
    NO_CERTIFICATE("no-certificate", "", tls("no_certificate")),
    OTHER_AUTHORITY("other-authority", "", tls("untrusted")),
    EXPIRED("expired", "", tls("expired")),
    NOT_YET_VALID("not-yet-valid", "", tls("not_yet_valid")),
    OTHER_TRUST_DOMAIN("other-trust-domain", "", tls("wrong_trust_domain")),
    SIGNED_BY_LEAF("signed-by-leaf", "", tls("untrusted")),
    STOLEN_LEAF("stolen-leaf", "REFUSED NOT_AUTHORIZED", tls("denied")),
    DENIED("denied", "REFUSED NOT_AUTHORIZED", tls("denied")),
    DATA_WITHOUT_LEAVE(
            "data-without-leave",
            "REFUSED NOT_AUTHORIZED",
            Map.of("culvert_strangers_total denied", 1, "culvert_strangers_total protocol_broken", 1)),
    OTHER_TARGET("other-target", "REFUSED BAD_FRAME", tls("protocol_broken")),
    NO_TARGET("no-target", "REFUSED BAD_FRAME", tls("protocol_broken")),
    BROKEN_FRAMES("broken-frames", "", tls("protocol_broken")),
    NO_HELLO("no-hello", "", tls("protocol_broken")),
    NO_SERVER_NAME("no-server-name", "", tls("no_server_name")),
    FOREIGN_SERVER_NAME("foreign-server-name", "", tls("unknown_server_name")),
    UNKNOWN_SERVER_NAME("unknown-server-name", "", tls("unknown_server_name")),
    OTHER_PROTOCOL("other-protocol", "", tls("wrong_protocol")),
    NO_PROTOCOL("no-protocol", "", tls("wrong_protocol")),
    OLD_TLS("tls-1.2", "", tls("handshake_failed")),
    STREAMS_AT_THE_JOIN_DOOR("streams-at-the-join-door", "", tls("unknown_server_name")),
    REQUESTS_WITHOUT_CERTIFICATE("requests-without-certificate", "", tls("no_certificate")),
    HTTP("tls-http", "closed", tls("not_tls")),
    RANDOM("tls-random", "closed", tls("not_tls")),
    ENDLESS_HELLO("tls-endless-hello", "", tls("client_hello_too_long")),
    HELLO_AND_AWAY("tls-hello-and-away", "went away", tls("closed_early")),
    /** 80 at once: the port bears 64 handshakes of one address, and each for five seconds. */
    SILENCE(
            "tls-silence",
            "closed all 80",
            Map.of("culvert_strangers_total timed_out", 64, "culvert_strangers_total too_many_handshakes", 16)),
    GOSSIP_HTTP("gossip-http", "closed", gossip("malformed")),
    GOSSIP_RANDOM("gossip-random", "closed", gossip("malformed")),
    GOSSIP_SILENCE("gossip-silence", "closed all 3", Map.of("culvert_gossip_refused_total stream_limit", 3)),
    PACKET_OF_OTHER_POOL("packet-of-other-pool", "no answer", gossip("unknown_key")),
    PACKET_CHANGED("packet-changed", "no answer", gossip("not_authentic")),
    PACKET_REPLAYED("packet-replayed", "no answer", gossip("replayed")),
    PACKET_RANDOM("packet-random", "no answer", gossip("malformed")),
    PACKET_SHORT("packet-short", "no answer", gossip("malformed")),
    PACKET_LONG("packet-long", "no answer", gossip("too_long")),
    STREAM_OF_OTHER_POOL("stream-of-other-pool", "closed after 0 bytes", gossip("unknown_key"));

    private final String visit;
    private final String outcome;
    private final Map<String, Integer> each;

    /** @param each what one visit counts: series and reason, how often */
    StrangerKind(String visit, String outcome, Map<String, Integer> each) {
        this.visit = visit;
        this.outcome = outcome;
        this.each = each;
    }

    String visit() {
        return visit;
    }

    /** Stands in what the visitor reports. */
    String outcome() {
        return outcome;
    }

    /** Waits for the other side to lose patience: paid once, beside the others. */
    boolean isSlow() {
        return this == SILENCE || this == GOSSIP_SILENCE;
    }

    /** What one visit counts: {@code SERIES REASON} and how often. */
    Map<String, Integer> each() {
        return each;
    }

    private static Map<String, Integer> tls(String reason) {
        return Map.of("culvert_strangers_total " + reason, 1);
    }

    private static Map<String, Integer> gossip(String reason) {
        return Map.of("culvert_gossip_refused_total " + reason, 1);
    }
}
