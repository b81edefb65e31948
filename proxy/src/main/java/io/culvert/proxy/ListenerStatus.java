package io.culvert.proxy;

import io.culvert.catalog.ServiceName;
import java.time.Instant;

/**
 * A local socket that leads to a service, as it stands.
 *
 * @param kind how the caller is known there
 * @param destination where it leads
 * @param bind {@code 127.64.3.9:3306} or {@code unix:///run/shop/mysql.sock}
 * @param reason why it is not listening; empty when it is
 * @param remedy what a person can do about it; empty when nothing is wrong
 * @param since when it came into this state
 */
public record ListenerStatus(
        Kind kind, ServiceName destination, String bind, State state, String reason, String remedy, Instant since) {
    /** Two kinds of local sockets. */
    public enum Kind {
        LOOPBACK,
        UPSTREAM
    }

    /** A listener that has failed is tried again by itself. */
    public enum State {
        LISTENING,
        FAILED
    }
}
