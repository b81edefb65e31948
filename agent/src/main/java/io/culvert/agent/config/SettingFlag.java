package io.culvert.agent.config;

import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;

/** A setting given on the command line. */
public final class SettingFlag {
    private final String path;
    private final ConfigValue value;

    private SettingFlag(String path, ConfigValue value) {
        this.path = path;
        this.value = value;
    }

    /**
     * @param flag as typed, for messages: {@code --node}
     * @param path of the setting: {@code node_name}
     * @param value a Boolean, a number, a String or a list of Strings
     */
    public static SettingFlag of(String flag, String path, Object value) {
        SettingKey key = SettingsSchema.find(path)
                .orElseThrow(() -> new IllegalArgumentException("no setting '" + path + "' for the flag " + flag));
        ConfigValue given = ConfigValueFactory.fromAnyRef(value, flag);
        if (!key.type().accepts(given)) {
            throw new IllegalArgumentException(flag + ": found " + SettingsSource.describe(given) + ", expected "
                    + key.type().expected());
        }
        return new SettingFlag(path, given);
    }

    String path() {
        return path;
    }

    ConfigValue value() {
        return value;
    }
}
