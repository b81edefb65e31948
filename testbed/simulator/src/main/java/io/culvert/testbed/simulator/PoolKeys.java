package io.culvert.testbed.simulator;

import io.culvert.gossip.identity.PoolLabel;
import io.culvert.gossip.keyring.KeySchedules;
import io.culvert.gossip.keyring.Keyring;
import io.culvert.gossip.keyring.KeyringRefused;
import io.culvert.gossip.keyring.PoolKey;
import java.util.List;
import java.util.SplittableRandom;

/** The pool's key, and how it changes. */
final class PoolKeys {
    private static final PoolLabel LABEL = new PoolLabel("simulated");

    private Keyring keyring = Keyring.of(PoolKey.of(new byte[PoolKey.BYTES]));

    /** What a host has that takes part in no rotation. */
    KeySchedules current() {
        return new KeySchedules(LABEL, keyring);
    }

    /** The three steps to a new key: installed, used, and the old one removed. */
    List<KeySchedules> rotation(SplittableRandom chance) {
        byte[] bytes = new byte[PoolKey.BYTES];
        chance.nextBytes(bytes);
        PoolKey fresh = PoolKey.of(bytes);
        try {
            Keyring installed = keyring.install(fresh);
            Keyring used = installed.use(fresh.id());
            Keyring finished = used.remove(keyring.primary().id());
            keyring = finished;
            return List.of(schedules(installed), schedules(used), schedules(finished));
        } catch (KeyringRefused refused) {
            throw new IllegalStateException("a keyring of one key takes another", refused);
        }
    }

    private static KeySchedules schedules(Keyring keyring) {
        return new KeySchedules(LABEL, keyring);
    }
}
