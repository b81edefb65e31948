package io.culvert.agent.config;

/**
 * What is told about the agent itself.
 *
 * @param accessLog one log line for each stream that ends
 * @param jvm whether metrics of the Java machine are among the others
 */
public record TelemetrySettings(boolean accessLog, boolean jvm) {}
