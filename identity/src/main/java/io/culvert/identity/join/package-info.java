/** The one secret that brings a host in: join tokens and the ledger of who used which. Pure. */
@NullMarked
package io.culvert.identity.join;

import org.jspecify.annotations.NullMarked;
