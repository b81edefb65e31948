package io.culvert.gossip.wire;

import java.util.OptionalLong;

/**
 * The cookies that go with a packet to one peer.
 *
 * @param echo what that peer offered to us: proves to it that we live now, and are no recording
 * @param offer what we ask that peer to echo
 */
public record Cookies(OptionalLong echo, OptionalLong offer) {
    /** For a peer that nothing is known of, and for one with which all is proven. */
    public static final Cookies NONE = new Cookies(OptionalLong.empty(), OptionalLong.empty());

    /** How many bytes they add to a packet. */
    public int bytes() {
        return (echo.isPresent() ? Envelope.COOKIE_BYTES : 0) + (offer.isPresent() ? Envelope.COOKIE_BYTES : 0);
    }

    int flags() {
        return (echo.isPresent() ? Envelope.ECHO : 0) | (offer.isPresent() ? Envelope.OFFER : 0);
    }
}
