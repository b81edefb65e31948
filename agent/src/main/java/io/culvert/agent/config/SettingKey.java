package io.culvert.agent.config;

/**
 * A setting.
 *
 * @param path as written, with dots
 * @param defaultText as it would be written; empty: none, or what the documentation says
 * @param least for numbers
 * @param most for numbers
 */
public record SettingKey(String path, SettingType type, String defaultText, long least, long most) {
    static SettingKey of(String path, SettingType type, String defaultText) {
        return new SettingKey(path, type, defaultText, Long.MIN_VALUE, Long.MAX_VALUE);
    }

    static SettingKey number(String path, int defaultNumber, long least, long most) {
        return new SettingKey(path, SettingType.INTEGER, Integer.toString(defaultNumber), least, most);
    }

    /** A number whose default another setting decides. */
    static SettingKey number(String path, long least, long most) {
        return new SettingKey(path, SettingType.INTEGER, "", least, most);
    }

    /** The last part of the path. */
    String leaf() {
        return path.substring(path.lastIndexOf('.') + 1);
    }
}
