/**
 * What a person writes: service files and the agent's settings, read, checked and loaded. Binding is pure; {@link
 * io.culvert.agent.config.ConfigLoader}, {@link io.culvert.agent.config.LastGoodStore} and {@link
 * io.culvert.agent.config.SettingsReader} touch files. Runs on whatever thread reloads; results are immutable.
 */
@NullMarked
package io.culvert.agent.config;

import org.jspecify.annotations.NullMarked;
