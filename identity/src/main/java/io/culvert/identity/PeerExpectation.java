package io.culvert.identity;

import java.util.Optional;

/**
 * What a peer's certificate must say.
 *
 * @param identity the one identity that is accepted; empty: any of the trust domain
 * @param role which side of the handshake the peer is on
 */
public record PeerExpectation(Optional<SpiffeId> identity, Role role) {
    /** Anybody of the mesh who connects to us; authorization follows. */
    public static PeerExpectation anyClient() {
        return new PeerExpectation(Optional.empty(), Role.CLIENT);
    }

    /** Any agent or service of the mesh that we connected to. */
    public static PeerExpectation anyServer() {
        return new PeerExpectation(Optional.empty(), Role.SERVER);
    }

    /** The one identity that we connected to. */
    public static PeerExpectation server(SpiffeId identity) {
        return new PeerExpectation(Optional.of(identity), Role.SERVER);
    }

    /** The peer's side of the handshake, with the extended key usage it needs (RFC 5280 section 4.2.1.12). */
    public enum Role {
        CLIENT("1.3.6.1.5.5.7.3.2"),
        SERVER("1.3.6.1.5.5.7.3.1");

        private final String keyPurpose;

        Role(String keyPurpose) {
            this.keyPurpose = keyPurpose;
        }

        String keyPurpose() {
            return keyPurpose;
        }
    }
}
