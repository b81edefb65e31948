package io.culvert.proxy.frame;

/** A control frame of {@code culvert/1}. DATA is not among them: its bytes are passed on as they come. */
public sealed interface Frame permits Hello, Open, Opened, Refused, Fin, Reset, Ready, GoAway, Ping, Pong {
    /** What stands in the first byte of its header. */
    FrameType type();
}
