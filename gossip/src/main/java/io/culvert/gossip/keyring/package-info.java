/**
 * The keys that make a host a member of the pool, and what is derived from them. {@link
 * io.culvert.gossip.keyring.Keyring} is an immutable value; {@link io.culvert.gossip.keyring.KeyringFile} blocks on the
 * disk. Nothing here prints a key.
 */
@NullMarked
package io.culvert.gossip.keyring;

import org.jspecify.annotations.NullMarked;
