package io.culvert.health.core;

/** Names one run of one check; the result of a run that was given up carries an old serial and is dropped. */
public record RunToken(String checkId, long serial) {}
