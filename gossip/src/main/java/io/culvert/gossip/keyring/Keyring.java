package io.culvert.gossip.keyring;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The pool keys a host accepts, the primary one first: packets are sealed with the primary and opened with the one their
 * header names. Immutable; a change gives a new keyring. A rotation is: {@link #install} on every host, then
 * {@link #use} on every host, then {@link #remove} on every host; two hosts one step apart understand each other.
 */
public final class Keyring {
    /** A rotation needs two keys, two rotations at once four; more is a mistake. */
    public static final int MAXIMUM_KEYS = 8;

    private final List<PoolKey> keys;

    private Keyring(List<PoolKey> keys) {
        this.keys = List.copyOf(keys);
    }

    public static Keyring of(PoolKey primary) {
        return new Keyring(List.of(primary));
    }

    /**
     * A keyring of these keys.
     *
     * @param keys the primary first
     */
    public static Keyring of(List<PoolKey> keys) throws KeyringRefused {
        if (keys.isEmpty()) {
            throw new KeyringRefused("a keyring needs at least one key");
        }
        Keyring ring = of(keys.get(0));
        for (PoolKey key : keys.subList(1, keys.size())) {
            if (ring.keys.contains(key)) {
                throw new KeyringRefused("key " + key.idText() + " is there twice");
            }
            ring = ring.install(key);
        }
        return ring;
    }

    /** The key that seals. */
    public PoolKey primary() {
        return keys.get(0);
    }

    /** All keys, the primary first. */
    public List<PoolKey> list() {
        return keys;
    }

    /** The key of that number, or null. */
    public @Nullable PoolKey find(long keyId) {
        for (PoolKey key : keys) {
            if (key.id() == keyId) {
                return key;
            }
        }
        return null;
    }

    /** Accepts packets of {@code key} from now on; a key that is already there changes nothing. */
    public Keyring install(PoolKey key) throws KeyringRefused {
        PoolKey same = find(key.id());
        if (same != null && same.equals(key)) {
            return this;
        }
        if (same != null) {
            throw new KeyringRefused(
                    "another key has the number " + key.idText() + ": generate a new one; nothing was changed");
        }
        if (keys.size() >= MAXIMUM_KEYS) {
            throw new KeyringRefused("the keyring holds " + keys.size() + " keys, which is the most; remove one of "
                    + numbers() + " first; nothing was changed");
        }
        List<PoolKey> next = new ArrayList<>(keys);
        next.add(key);
        return new Keyring(next);
    }

    /** Seals with that key from now on; it must be installed. */
    public Keyring use(long keyId) throws KeyringRefused {
        PoolKey key = required(keyId);
        List<PoolKey> next = new ArrayList<>(keys);
        next.remove(key);
        next.add(0, key);
        return new Keyring(next);
    }

    /** Accepts packets of that key no longer; the primary cannot be removed. */
    public Keyring remove(long keyId) throws KeyringRefused {
        PoolKey key = required(keyId);
        if (key.equals(primary())) {
            throw new KeyringRefused("key " + key.idText()
                    + " is in use: choose another with 'culvert keyring use' first; nothing was changed");
        }
        List<PoolKey> next = new ArrayList<>(keys);
        next.remove(key);
        return new Keyring(next);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Keyring && keys.equals(((Keyring) other).keys);
    }

    @Override
    public int hashCode() {
        return keys.hashCode();
    }

    @Override
    public String toString() {
        return "Keyring[" + numbers() + "]";
    }

    private PoolKey required(long keyId) throws KeyringRefused {
        PoolKey key = find(keyId);
        if (key == null) {
            throw new KeyringRefused(
                    String.format("no key %08x here (installed: %s); nothing was changed", keyId, numbers()));
        }
        return key;
    }

    private String numbers() {
        return keys.stream().map(PoolKey::idText).collect(Collectors.joining(", "));
    }
}
