package io.culvert.proxy.stream;

import java.time.Duration;

/**
 * How long the machines wait.
 *
 * @param hello for the peer's HELLO: 2 s
 * @param open for the answer to an OPEN, all tries together: 10 s
 * @param answer for the answer of one try, since an application has two seconds to accept: 3 s; whoever says nothing for
 *     longer is gone, and there is time left to ask another
 * @param ready for READY after both directions ended: 5 s
 * @param resetAnswer for the peer's end after our RESET: 1 s
 * @param halfClosed without a byte on a stream with one direction ended: 10 min; re-armed by data, never a fixed deadline
 * @param life of a connection before its client opens no further stream on it: 1 h, more or less by a tenth
 * @param idle of a connection without stream, before its client closes it: 60 s
 * @param serverIdle before its server asks for that: 90 s, longer so that the client comes first
 * @param goAwayGrace that a server gives between GOAWAY and closing an idle connection: 5 s
 */
public record Timers(
        Duration hello,
        Duration open,
        Duration answer,
        Duration ready,
        Duration resetAnswer,
        Duration halfClosed,
        Duration life,
        Duration idle,
        Duration serverIdle,
        Duration goAwayGrace) {
    public static final Timers DEFAULT = new Timers(
            Duration.ofSeconds(2),
            Duration.ofSeconds(10),
            Duration.ofSeconds(3),
            Duration.ofSeconds(5),
            Duration.ofSeconds(1),
            Duration.ofMinutes(10),
            Duration.ofHours(1),
            Duration.ofSeconds(60),
            Duration.ofSeconds(90),
            Duration.ofSeconds(5));
}
