/** What each path of the API does. Handlers run on workers; they read snapshots and call the narrow doors of the API. */
@NullMarked
package io.culvert.agent.http.endpoint;

import org.jspecify.annotations.NullMarked;
