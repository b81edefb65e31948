package io.culvert.agent.config.syntax;

/** How a file is written. */
public enum Dialect {
    /** HCL 1, as Consul reads it; a file that begins with a brace is read as JSON, as Consul does. */
    HCL,
    /** RFC 8259. */
    JSON
}
