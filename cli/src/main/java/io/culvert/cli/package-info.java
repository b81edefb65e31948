/**
 * The {@code culvert} command: reads the command line, asks the agent over its HTTP API, prints tables for people and JSON
 * for programs. Knows the agent room only to start it and to validate files. No logging back end: results go to standard
 * output, problems to standard error.
 */
@NullMarked
package io.culvert.cli;

import org.jspecify.annotations.NullMarked;
