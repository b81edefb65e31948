/**
 * What a request is, where it goes and what comes back; knows nothing of channels. Handlers run on the API's workers and
 * may block for the disk or for a peer; routing itself is pure.
 */
@NullMarked
package io.culvert.agent.http.route;

import org.jspecify.annotations.NullMarked;
