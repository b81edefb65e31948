package io.culvert.health;

/** What became of a report for a TTL check. */
public sealed interface TtlUpdate {
    /** It is in force. */
    record Done() implements TtlUpdate {}

    /** The check exists and finds out by itself: nothing was changed. */
    record NotTtl(String checkId, String type) implements TtlUpdate {}

    /** No such check: nothing was changed. */
    record Unknown(String checkId) implements TtlUpdate {}
}
