/** Where log lines go and how they look: set up once, in code, before anything else starts. No other room knows the back end. */
@NullMarked
package io.culvert.agent.log;

import org.jspecify.annotations.NullMarked;
