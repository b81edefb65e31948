/**
 * Who somebody is and whom they may call: trust domain, SPIFFE ids, certificates and their checking, intentions. Pure:
 * no sockets, no files, no clock; all types here are immutable and may be used from any thread.
 */
@NullMarked
package io.culvert.identity;

import org.jspecify.annotations.NullMarked;
