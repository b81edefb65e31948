/**
 * Notices changes of config directories. One daemon thread of its own, started and stopped by {@link
 * io.culvert.agent.config.watch.ConfigWatcher}.
 */
@NullMarked
package io.culvert.agent.config.watch;

import org.jspecify.annotations.NullMarked;
