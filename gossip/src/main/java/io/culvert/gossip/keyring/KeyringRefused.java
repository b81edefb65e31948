package io.culvert.gossip.keyring;

/** A change to a keyring that was not made, with the reason and the way out; the keyring is as it was. */
public final class KeyringRefused extends Exception {
    KeyringRefused(String message) {
        super(message);
    }
}
