package io.culvert.testbed.simulator.fault;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One fault as one line: {@code loss at=1500ms length=20s from=all to=3,7-9 share=0.2}. The words are those of the
 * records, which are a closed set: a new fault can be written and read as soon as it exists.
 */
final class FaultText {
    private static final Map<String, Class<?>> KINDS = kinds();

    private FaultText() {}

    private static Map<String, Class<?>> kinds() {
        Map<String, Class<?>> kinds = new TreeMap<>();
        leaves(Fault.class).forEach(kind -> kinds.put(word(kind.getSimpleName()), kind));
        return kinds;
    }

    private static Stream<Class<?>> leaves(Class<?> type) {
        return type.isRecord()
                ? Stream.of(type)
                : Arrays.stream(type.getPermittedSubclasses()).flatMap(FaultText::leaves);
    }

    // BurstLoss: burst-loss
    private static String word(String name) {
        return name.replaceAll("(?<=[a-z])([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }

    static String print(Fault fault) {
        StringBuilder line = new StringBuilder(word(fault.getClass().getSimpleName()));
        for (RecordComponent component : fault.getClass().getRecordComponents()) {
            line.append(' ').append(word(component.getName())).append('=').append(text(value(fault, component)));
        }
        return line.toString();
    }

    /** @throws IllegalArgumentException that says what is wrong and what would be right */
    static Fault parse(String line) {
        List<String> words = List.of(line.strip().split("\\s+"));
        Class<?> kind = KINDS.get(words.get(0));
        if (kind == null) {
            throw new IllegalArgumentException(
                    "'" + line + "': unknown fault '" + words.get(0) + "' (expected one of " + KINDS.keySet() + ")");
        }
        Map<String, String> given = new HashMap<>();
        for (String word : words.subList(1, words.size())) {
            String[] pair = word.split("=", 2);
            if (pair.length < 2 || given.put(pair[0], pair[1]) != null) {
                throw new IllegalArgumentException("'" + line + "': '" + word + "' (expected: name=value, each once)");
            }
        }
        RecordComponent[] components = kind.getRecordComponents();
        Object[] values = new Object[components.length];
        for (int i = 0; i < components.length; i++) {
            String name = word(components[i].getName());
            values[i] = read(components[i].getType(), given.remove(name), "'" + line + "': " + name);
        }
        if (!given.isEmpty()) {
            throw new IllegalArgumentException("'" + line + "': unknown " + given.keySet());
        }
        return make(kind, values);
    }

    /** The same fault, but with another length. */
    static Fault withLength(Fault fault, Duration length) {
        RecordComponent[] components = fault.getClass().getRecordComponents();
        Object[] values = new Object[components.length];
        for (int i = 0; i < components.length; i++) {
            values[i] = components[i].getName().equals("length") ? length : value(fault, components[i]);
        }
        return make(fault.getClass(), values);
    }

    private static Fault make(Class<?> kind, Object[] values) {
        Class<?>[] types = Arrays.stream(kind.getRecordComponents())
                .map(RecordComponent::getType)
                .toArray(Class<?>[]::new);
        try {
            return (Fault) kind.getDeclaredConstructor(types).newInstance(values);
        } catch (InvocationTargetException refused) {
            throw new IllegalArgumentException(String.valueOf(refused.getCause()), refused);
        } catch (ReflectiveOperationException impossible) {
            throw new IllegalStateException(kind + " cannot be made", impossible);
        }
    }

    private static Object value(Fault fault, RecordComponent component) {
        try {
            return component.getAccessor().invoke(fault);
        } catch (ReflectiveOperationException impossible) {
            throw new IllegalStateException(component + " cannot be read", impossible);
        }
    }

    private static String text(Object value) {
        if (value instanceof Duration duration) {
            return durationText(duration);
        }
        return value instanceof Enum<?> constant ? word(constant.name()).replace('_', '-') : value.toString();
    }

    private static String durationText(Duration duration) {
        if (duration.toNanosPart() % 1_000_000 != 0) {
            return duration.toNanos() + "ns";
        }
        return duration.toMillisPart() != 0 ? duration.toMillis() + "ms" : duration.toSeconds() + "s";
    }

    private static Object read(Class<?> type, @Nullable String text, String where) {
        if (text == null) {
            throw new IllegalArgumentException(where + " is missing");
        }
        try {
            return type.isEnum() ? constant(type, text) : simple(type, text);
        } catch (IllegalArgumentException wrong) {
            throw new IllegalArgumentException(where + "=" + text + ": " + wrong.getMessage(), wrong);
        }
    }

    private static Object simple(Class<?> type, String text) {
        if (type == Duration.class) {
            return duration(text);
        } else if (type == Hosts.class) {
            return Hosts.parse(text);
        } else if (type == double.class) {
            return Double.parseDouble(text);
        } else if (type == int.class) {
            return Integer.parseInt(text);
        } else if (type == boolean.class) {
            return Boolean.parseBoolean(text);
        }
        throw new IllegalStateException("a fault has a component of " + type + ", which cannot be written");
    }

    private static Object constant(Class<?> type, String text) {
        String name = text.toUpperCase(Locale.ROOT).replace('-', '_');
        return Arrays.stream(type.getEnumConstants())
                .filter(constant -> ((Enum<?>) constant).name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("expected one of "
                        + Arrays.toString(type.getEnumConstants()).toLowerCase(Locale.ROOT)));
    }

    private static Duration duration(String text) {
        if (!text.matches("-?[0-9]{1,18}(ns|ms|s|m|h)")) {
            throw new IllegalArgumentException("expected: as in 1500ms, 20s, 5m, 71h");
        }
        String unit = text.replaceAll("[-0-9]", "");
        long number = Long.parseLong(text.substring(0, text.length() - unit.length()));
        return switch (unit) {
            case "ns" -> Duration.ofNanos(number);
            case "ms" -> Duration.ofMillis(number);
            case "s" -> Duration.ofSeconds(number);
            case "m" -> Duration.ofMinutes(number);
            default -> Duration.ofHours(number);
        };
    }
}
