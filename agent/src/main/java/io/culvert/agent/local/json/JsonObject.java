package io.culvert.agent.local.json;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * One JSON object while it is read. Names match without regard to case and underscores; {@code null} counts as absent;
 * {@link #finish} refuses whatever nobody asked for. Not for several threads.
 */
public final class JsonObject {
    private final String path;
    private final Map<String, Field> fields = new LinkedHashMap<>();

    private JsonObject(String path) {
        this.path = path;
    }

    private record Field(String written, Object value) {}

    static JsonObject of(String path, Object map) {
        JsonObject object = new JsonObject(path);
        for (Map.Entry<?, ?> entry : ((Map<?, ?>) map).entrySet()) {
            String written = String.valueOf(entry.getKey());
            object.fields.put(folded(written), new Field(path + written, (Object) entry.getValue()));
        }
        return object;
    }

    private static String folded(String name) {
        return name.replace("_", "").toLowerCase(Locale.ROOT);
    }

    /** Fields that Consul knows and that change nothing here. */
    public void ignore(String... names) {
        for (String name : names) {
            fields.remove(folded(name));
        }
    }

    public boolean has(String name) {
        Field field = fields.get(folded(name));
        return field != null && field.value() != JsonInput.NULL;
    }

    /** Empty when absent. */
    public String text(String name) throws InputRefused {
        return take(name, String.class, "a string").orElse("");
    }

    public boolean flag(String name) throws InputRefused {
        return take(name, Boolean.class, "true or false").orElse(false);
    }

    /** A whole number; empty when absent. */
    public OptionalLong number(String name) throws InputRefused {
        Optional<BigDecimal> number = take(name, BigDecimal.class, "a number without quotes");
        if (number.isEmpty()) {
            return OptionalLong.empty();
        }
        try {
            return OptionalLong.of(number.get().longValueExact());
        } catch (ArithmeticException e) {
            throw InputRefused.decode(
                    "json: field \"" + path + name + "\": " + number.get() + " (expected: a whole number)");
        }
    }

    /** A whole number within bounds, or {@code absent}. */
    public int number(String name, int absent, int least, int most) throws InputRefused {
        OptionalLong number = number(name);
        if (number.isEmpty()) {
            return absent;
        }
        long value = number.getAsLong();
        if (value < least || value > most) {
            throw InputRefused.invalid("Invalid " + path + name + ": " + value + " (expected: " + least + " to " + most
                    + "); nothing was changed");
        }
        return (int) value;
    }

    /** Go's form with a unit ({@code "10s"}) or a number of nanoseconds; zero when absent or empty. */
    public Duration duration(String name) throws InputRefused {
        Field field = fields.remove(folded(name));
        if (field == null || field.value() == JsonInput.NULL || field.value().equals("")) {
            return Duration.ZERO;
        }
        Optional<Duration> duration = Optional.empty();
        if (field.value() instanceof String text) {
            duration = GoDuration.parse(text);
        } else if (field.value() instanceof BigDecimal nanoseconds) {
            duration = GoDuration.ofNanoseconds(nanoseconds);
        }
        return duration.orElseThrow(() -> InputRefused.decode("time: invalid duration \"" + field.value()
                + "\" in field \"" + field.written() + "\" (expected: such as \"10s\" or \"1m30s\", or nanoseconds)"));
    }

    public List<String> texts(String name) throws InputRefused {
        List<String> texts = new ArrayList<>();
        for (Object element : elements(name)) {
            texts.add(cast(path + name, element, String.class, "strings"));
        }
        return texts;
    }

    public Map<String, String> textMap(String name) throws InputRefused {
        Map<String, String> pairs = new LinkedHashMap<>();
        for (Map.Entry<?, ?> entry : pairs(name).entrySet()) {
            String key = String.valueOf(entry.getKey());
            if (entry.getValue() != JsonInput.NULL) {
                pairs.put(key, cast(path + name + "." + key, (Object) entry.getValue(), String.class, "a string"));
            }
        }
        return pairs;
    }

    /** As HTTP headers come: each name with a list. */
    public Map<String, List<String>> textLists(String name) throws InputRefused {
        Map<String, List<String>> lists = new LinkedHashMap<>();
        Optional<JsonObject> object = object(name);
        if (object.isPresent()) {
            for (Field field : List.copyOf(object.get().fields.values())) {
                String key = field.written().substring(object.get().path.length());
                lists.put(key, object.get().texts(key));
            }
        }
        return lists;
    }

    public Optional<JsonObject> object(String name) throws InputRefused {
        return take(name, Map.class, "an object").map(map -> of(path + name + ".", map));
    }

    public List<JsonObject> objects(String name) throws InputRefused {
        List<JsonObject> objects = new ArrayList<>();
        for (Object element : elements(name)) {
            Map<?, ?> map = cast(path + name, element, Map.class, "objects");
            objects.add(of(path + name + "[" + objects.size() + "].", map));
        }
        return objects;
    }

    /** The objects under each key of a map. */
    public Map<String, JsonObject> objectMap(String name) throws InputRefused {
        Map<String, JsonObject> objects = new LinkedHashMap<>();
        for (Map.Entry<?, ?> entry : pairs(name).entrySet()) {
            String key = String.valueOf(entry.getKey());
            String place = path + name + "." + key;
            objects.put(key, of(place + ".", cast(place, (Object) entry.getValue(), Map.class, "an object")));
        }
        return objects;
    }

    /** Refuses the first field that was not asked for, in Consul's words. */
    public void finish() throws InputRefused {
        for (Field field : fields.values()) {
            throw InputRefused.decode("json: unknown field \"" + field.written() + "\"");
        }
    }

    private List<?> elements(String name) throws InputRefused {
        return take(name, List.class, "an array").orElse(List.of());
    }

    private Map<?, ?> pairs(String name) throws InputRefused {
        return take(name, Map.class, "an object").orElse(Map.of());
    }

    private <T> Optional<T> take(String name, Class<T> type, String expected) throws InputRefused {
        Field field = fields.remove(folded(name));
        if (field == null || field.value() == JsonInput.NULL) {
            return Optional.empty();
        }
        return Optional.of(cast(field.written(), field.value(), type, expected));
    }

    private static <T> T cast(String where, Object value, Class<T> type, String expected) throws InputRefused {
        if (!type.isInstance(value)) {
            throw InputRefused.decode(
                    "json: field \"" + where + "\": " + JsonInput.kind(value) + " (expected: " + expected + ")");
        }
        return type.cast(value);
    }
}
