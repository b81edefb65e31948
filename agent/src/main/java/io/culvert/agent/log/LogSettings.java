package io.culvert.agent.log;

/**
 * @param level lowest level that is written
 * @param json one JSON object a line, for machines; else text for people
 */
public record LogSettings(Level level, boolean json) {
    public static final LogSettings DEFAULT = new LogSettings(Level.INFO, false);

    /** Levels, most to least. */
    public enum Level {
        TRACE,
        DEBUG,
        INFO,
        WARN,
        ERROR
    }
}
