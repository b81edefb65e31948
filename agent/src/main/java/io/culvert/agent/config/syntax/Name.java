package io.culvert.agent.config.syntax;

/** A key or a label, as written, and where it stands. */
public record Name(String text, Position position) {}
