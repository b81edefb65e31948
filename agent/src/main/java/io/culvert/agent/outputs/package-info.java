/**
 * Output of checks, which is not gossiped: it stays on the host that ran the check and is asked for when somebody wants to
 * see it, over the requests between agents. Bounded in size, number and time on both sides; a host that does not answer
 * costs a sentence, never a query.
 */
@NullMarked
package io.culvert.agent.outputs;

import org.jspecify.annotations.NullMarked;
