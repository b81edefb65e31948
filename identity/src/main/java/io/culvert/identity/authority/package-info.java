/**
 * Makes certificates: keys, signing requests, the certificate authority. Pure but for the random source handed in. Uses
 * BouncyCastle for the encodings and the Java runtime's own provider for the arithmetic; BouncyCastle is never
 * registered as a provider.
 */
@NullMarked
package io.culvert.identity.authority;

import org.jspecify.annotations.NullMarked;
