/**
 * Intentions between hosts: the server's store of them and every agent's replica. The server is the only one that changes
 * them; agents ask for the next version and go on with the last they heard when no server answers.
 */
@NullMarked
package io.culvert.agent.policy;

import org.jspecify.annotations.NullMarked;
