/**
 * JSON in and out for registrations: bounded reading without reflection, Consul's field names in any letter case, Go's
 * durations. The same form is what the API accepts and what is kept on disk. Pure: no I/O; any thread.
 */
@NullMarked
package io.culvert.agent.local.json;

import org.jspecify.annotations.NullMarked;
