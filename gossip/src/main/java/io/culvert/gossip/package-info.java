/**
 * Membership and replication of owner records.
 */
@NullMarked
package io.culvert.gossip;

import org.jspecify.annotations.NullMarked;
