/**
 * The keys of the gossip pool and their rotation. A server orders each change and sees it through on every host; every
 * other host obeys servers only, and asks one for the present keys when it may have missed something. All of it goes over
 * the requests between agents, whose certificates prove who speaks; nothing of it depends on gossip being understood.
 * {@link io.culvert.agent.keyring.KeyringChange} decides and is pure; {@link io.culvert.agent.keyring.KeyringConductor}
 * performs. Keys are shown by their numbers; no log line, answer of the API or message for people has one.
 */
@NullMarked
package io.culvert.agent.keyring;

import org.jspecify.annotations.NullMarked;
