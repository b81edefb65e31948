/**
 * The frames of {@code culvert-rpc/1}: requests and answers between agents, several at once on one connection. Knows
 * buffers, but no channels.
 *
 * <pre>
 * u32 length of all that follows | u8 kind | u32 id | content
 * 1 REQUEST   u32 milliseconds the caller waits | u8 length and name of the method (ASCII) | payload (JSON)
 * 2 RESPONSE  payload (JSON)
 * 3 ERROR     u8 code | message (UTF-8, at most 2,000 bytes)
 * 4 CANCEL    nothing
 * </pre>
 *
 * <p>Numbers are in network order. Ids are chosen by the caller, rising by one from 1. A peer that breaks these rules is
 * disconnected; there is nothing to be kept from it. A message that has to change gets a new method name, so that older
 * agents go on understanding what they know.
 */
@NullMarked
package io.culvert.agent.rpc.wire;

import org.jspecify.annotations.NullMarked;
