package io.culvert.agent.config;

import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import io.culvert.agent.config.syntax.Position;
import io.culvert.agent.config.syntax.Printable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/** Values by path, with defaults; refuses by path and position. All values have the type of their key already. */
final class SettingValues {
    private final String file;
    private final Map<String, ConfigValue> values;
    private final Problems problems;

    SettingValues(String file, Map<String, ConfigValue> values, Problems problems) {
        this.file = file;
        this.values = values;
        this.problems = problems;
    }

    boolean given(String path) {
        return values.containsKey(path);
    }

    Position at(String path) {
        ConfigValue value = values.get(path);
        return value == null ? Position.of(file) : SettingsSource.position(value.origin());
    }

    void refuse(String path, String message) {
        problems.error(at(path), "'" + path + "': " + message);
    }

    void warn(String path, String message) {
        problems.warning(at(path), "'" + path + "': " + message);
    }

    String text(String path) {
        ConfigValue value = values.get(path);
        return value == null ? key(path).defaultText() : String.valueOf(value.unwrapped());
    }

    boolean flag(String path) {
        return Boolean.parseBoolean(text(path));
    }

    /** Within the bounds of its key, or a problem and the default. */
    int integer(String path) {
        return integer(path, Integer.parseInt(key(path).defaultText()));
    }

    /** Within the bounds, or a problem and the default. */
    Duration duration(String path, Duration least, Duration most) {
        Duration otherwise = Durations.parse(key(path).defaultText()).orElse(Duration.ZERO);
        return duration(path, otherwise, new Span(least, most));
    }

    /** Within the bounds of its key, or a problem and {@code otherwise}; that too when it is not given. */
    int integer(String path, int otherwise) {
        if (!given(path)) {
            return otherwise;
        }
        SettingKey key = key(path);
        long number = Long.parseLong(text(path));
        if (number >= key.least() && number <= key.most()) {
            return (int) number;
        }
        refuse(path, "found " + number + ", expected a number from " + key.least() + " to " + key.most());
        return otherwise;
    }

    /** Both ends may be had. */
    record Span(Duration least, Duration most) {}

    /** Within the bounds, or a problem and {@code otherwise}; that too when it is not given. */
    Duration duration(String path, Duration otherwise, Span span) {
        Duration found = Durations.parse(text(path)).orElse(otherwise);
        if (!given(path) || found.compareTo(span.least()) >= 0 && found.compareTo(span.most()) <= 0) {
            return found;
        }
        refuse(
                path,
                "found " + Durations.format(found) + ", expected " + Durations.format(span.least()) + " to "
                        + Durations.format(span.most()));
        return otherwise;
    }

    List<String> texts(String path) {
        List<String> texts = new ArrayList<>();
        if (values.get(path) instanceof ConfigList list) {
            list.forEach(item -> texts.add(String.valueOf(item.unwrapped())));
        }
        return texts;
    }

    Map<String, String> map(String path) {
        Map<String, String> map = new TreeMap<>();
        if (values.get(path) instanceof ConfigObject object) {
            object.forEach((name, item) -> map.put(name, String.valueOf(item.unwrapped())));
        }
        return map;
    }

    /** What the text stands for; empty when it is not given, or with a problem when it stands for nothing. */
    <T> Optional<T> parsed(String path, Function<String, T> reader) {
        String text = text(path);
        if (text.isEmpty()) {
            if (given(path)) {
                refuse(path, "found an empty text, expected a value, or no such line");
            }
            return Optional.empty();
        }
        try {
            return Optional.of(reader.apply(text));
        } catch (IllegalArgumentException refused) {
            refuse(path, Printable.message(refused.getMessage()));
            return Optional.empty();
        }
    }

    private static SettingKey key(String path) {
        return SettingsSchema.find(path).orElseThrow(() -> new IllegalArgumentException("no setting '" + path + "'"));
    }
}
