package io.culvert.gossip.replication;

import io.culvert.gossip.keyring.KeySchedule;

/**
 * The key of the trees that two hosts compare.
 *
 * @param id number of the pool key it is derived from
 * @param bytes 16, secret of the pool
 */
public record TreeKey(long id, byte[] bytes) {
    public TreeKey {
        if (bytes.length != 16) {
            throw new IllegalArgumentException("tree key of " + bytes.length + " bytes (expected: 16)");
        }
    }

    public static TreeKey of(KeySchedule schedule) {
        return new TreeKey(schedule.keyId(), schedule.treeKey());
    }

    @Override
    public String toString() {
        return String.format("TreeKey[%08x, ****]", id);
    }
}
