package io.culvert.testbed.bench.peers;

/** What is compared. Smaller is better in each. */
enum Measure {
    START("all processes started to all ready, ms"),
    JOIN("join: told to join to everybody knows everybody, ms"),
    SPREAD_HALF("one change: said by its origin to said by half of the others, ms"),
    SPREAD_ALL("one change: said by its origin to said by all others, ms"),
    DETECTION_FIRST("kill -9 to failed at the first other, s"),
    DETECTION_ALL("kill -9 to failed at all others, s"),
    CPU("CPU time a second and agent when nothing happens, ms"),
    BYTES("bytes a second and agent when nothing happens, IP headers included"),
    RSS("resident memory of an agent (RSS), MB"),
    PSS("resident memory of an agent, shared pages divided (PSS), MB");

    private final String text;

    Measure(String text) {
        this.text = text;
    }

    String text() {
        return text;
    }
}
