/**
 * Who an agent is to the gossip pool: its Ed25519 key, the id that follows from it, and the signatures that make its
 * words its own whoever relays them. Pure, except that {@link io.culvert.gossip.identity.NodeKeyFile} blocks on the disk.
 */
@NullMarked
package io.culvert.gossip.identity;

import org.jspecify.annotations.NullMarked;
