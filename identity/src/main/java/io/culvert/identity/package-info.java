/**
 * Trust domain, SPIFFE ids, certificates, intentions.
 */
@NullMarked
package io.culvert.identity;

import org.jspecify.annotations.NullMarked;
