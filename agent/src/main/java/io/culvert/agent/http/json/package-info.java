/** Writes what Consul's clients read: its field names, their order and its rules of what is left out. Any thread. */
@NullMarked
package io.culvert.agent.http.json;

import org.jspecify.annotations.NullMarked;
