package io.culvert.agent.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigSyntax;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import io.culvert.agent.config.syntax.Position;
import io.culvert.agent.config.syntax.Printable;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Reads the text of {@code culvert.conf} into values by path. HOCON is read with its doors shut: no includes, no environment, no system
 * properties, no reference files of other libraries.
 */
final class SettingsSource {
    private static final Pattern INCLUDE = Pattern.compile("(?m)^\\s*include\\b");

    private final String file;
    private final Problems problems;
    private final Map<String, ConfigValue> values = new HashMap<>();

    SettingsSource(String file, Problems problems) {
        this.file = file;
        this.problems = problems;
    }

    /** Adds what a text sets. */
    void read(String text) {
        if (!DoubledSettings.isShallow(text)) {
            problems.error(Position.of(file), "brackets nest deeper than " + DoubledSettings.DEEPEST + " levels");
            return;
        }
        RefusingIncluder includer = new RefusingIncluder();
        ConfigParseOptions options = ConfigParseOptions.defaults()
                .setSyntax(ConfigSyntax.CONF)
                .setOriginDescription(file)
                .setIncluder(includer);
        try {
            Config config = ConfigFactory.parseString(text, options);
            if (includer.wasAsked()) {
                problems.error(includeIn(text), "'include' is not supported (expected: all settings in one file)");
            }
            collect("", config.root());
            DoubledSettings.report(file, text, problems);
        } catch (ConfigException.NotResolved substitution) {
            problems.error(substitutionIn(text), unresolved());
        } catch (ConfigException.Parse refused) {
            problems.error(position(refused.origin()), syntaxMessage(refused));
        } catch (ConfigException refused) {
            problems.error(position(refused.origin()), Printable.message(refused.getMessage()));
        }
    }

    /** Adds what flags set; they win over the text. */
    void override(List<SettingFlag> flags) {
        flags.forEach(flag -> values.put(flag.path(), flag.value()));
    }

    Map<String, ConfigValue> values() {
        return values;
    }

    private void collect(String prefix, ConfigObject object) {
        for (Map.Entry<String, ConfigValue> entry : object.entrySet()) {
            ConfigValue value = entry.getValue();
            String path = prefix + part(entry.getKey());
            if (SettingsSchema.find(path).isPresent()) {
                take(SettingsSchema.find(path).get(), value);
            } else if (SettingsSchema.isSection(path)) {
                section(path, value);
            } else {
                problems.error(
                        position(value.origin()),
                        "unknown setting '" + Printable.of(path) + "'" + SettingsSchema.hint(path));
            }
        }
    }

    /** A key with a dot in quotes is another key than the path. */
    private static String part(String key) {
        return key.indexOf('.') < 0 ? key : ConfigUtil.quoteString(key);
    }

    private void section(String path, ConfigValue value) {
        if (value instanceof ConfigObject object) {
            collect(path + ".", object);
        } else if (value.valueType() != ConfigValueType.NULL) {
            problems.error(
                    position(value.origin()), "'" + path + "': found " + describe(value) + ", expected a block { … }");
        }
    }

    private void take(SettingKey key, ConfigValue value) {
        try {
            if (value.valueType() == ConfigValueType.NULL) {
                return;
            }
            if (key.type().accepts(value)) {
                values.put(key.path(), value);
            } else {
                problems.error(
                        position(value.origin()),
                        "'" + key.path() + "': found " + describe(value) + ", expected "
                                + key.type().expected());
            }
        } catch (ConfigException.NotResolved substitution) {
            problems.error(position(value.origin()), "'" + key.path() + "': " + unresolved());
        }
    }

    private static String unresolved() {
        return "found '${…}', expected a value (settings are not looked up elsewhere, nor in the environment)";
    }

    static String describe(ConfigValue value) {
        return switch (value.valueType()) {
            case OBJECT -> "a block";
            case LIST -> "a list";
            case STRING -> "the text '" + Printable.of(String.valueOf(value.unwrapped())) + "'";
            case NUMBER -> "the number " + value.unwrapped();
            case BOOLEAN -> String.valueOf(value.unwrapped());
            case NULL -> "null";
        };
    }

    /** Of a flag: its name. */
    static Position position(ConfigOrigin origin) {
        int line = Math.max(0, origin.lineNumber());
        String description = origin.description();
        // The library writes "file: line", or a range of lines after merging.
        int colon = description.lastIndexOf(": ");
        return new Position(line > 0 && colon > 0 ? description.substring(0, colon) : description, line, 0);
    }

    private Position includeIn(String text) {
        return firstMatch(INCLUDE, text);
    }

    private Position substitutionIn(String text) {
        return firstMatch(Pattern.compile("\\$\\{"), text);
    }

    private Position firstMatch(Pattern pattern, String text) {
        var matcher = pattern.matcher(text);
        if (!matcher.find()) {
            return Position.of(file);
        }
        int line = 1
                + (int) text.substring(0, matcher.end())
                        .chars()
                        .filter(c -> c == '\n')
                        .count();
        return new Position(file, line, 0);
    }

    /** The library's words without its repetition of the place and its advice about quoting in its own terms. */
    private static String syntaxMessage(ConfigException.Parse refused) {
        String message = Printable.message(refused.getMessage());
        String place = refused.origin().description() + ": ";
        String bare = message.startsWith(place) ? message.substring(place.length()) : message;
        if (bare.endsWith("end of file") || bare.contains("token: end of file")) {
            String missing = bare.contains("parentheses") ? "'}'" : "']'";
            return "found the end of the file, expected " + missing;
        }
        int advice = bare.indexOf(" (if you intended");
        return "not readable: " + Printable.message(advice < 0 ? bare : bare.substring(0, advice));
    }
}
