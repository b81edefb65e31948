package io.culvert.agent.config;

/** Something that must not appear in a log, an answer or a message. */
public record Secret(String value) {
    @Override
    public String toString() {
        return "****";
    }
}
