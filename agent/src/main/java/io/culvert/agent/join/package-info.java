/**
 * How a host becomes part of a mesh and stays it: founding by the first server, joining with a token, certificates for the
 * agent and its services, renewed for as long as the host lives. Files are written on worker threads, each before what it
 * records is relied upon.
 */
@NullMarked
package io.culvert.agent.join;

import org.jspecify.annotations.NullMarked;
