package io.culvert.proxy.stream;

import java.time.Duration;

/**
 * How long the machines wait.
 *
 * @param hello for the peer's HELLO: 2 s
 * @param open for the answer to an OPEN, all tries together: 10 s
 * @param ready for READY after both directions ended: 5 s
 * @param resetAnswer for the peer's end after our RESET: 1 s
 * @param halfClosed without a byte on a stream with one direction ended: 10 min; re-armed by data, never a fixed deadline
 * @param idle of a connection without stream, before its client closes it: 60 s
 * @param serverIdle before its server asks for that: 90 s, longer so that the client comes first
 * @param goAwayGrace that a server gives between GOAWAY and closing an idle connection: 5 s
 */
public record Timers(
        Duration hello,
        Duration open,
        Duration ready,
        Duration resetAnswer,
        Duration halfClosed,
        Duration idle,
        Duration serverIdle,
        Duration goAwayGrace) {
    public static final Timers DEFAULT = new Timers(
            Duration.ofSeconds(2),
            Duration.ofSeconds(10),
            Duration.ofSeconds(5),
            Duration.ofSeconds(1),
            Duration.ofMinutes(10),
            Duration.ofSeconds(60),
            Duration.ofSeconds(90),
            Duration.ofSeconds(5));
}
