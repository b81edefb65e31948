package io.culvert.agent.rpc;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A record as a JSON object with one field for each component, in any order, none missing, none more, nothing null. A
 * component is a text, a whole number ({@code int}, {@code long}), a flag, {@code byte[]} (base64), an enum (its name), a
 * record, a list of these, or a map of these by text. What is read decides no type, and only the constructors of records
 * are run. Small enough to be read as a whole, and 500 classes less than a general binding at every start.
 */
final class RecordJson implements JsonKind {
    private static final ClassValue<RecordJson> KNOWN = new ClassValue<>() {
        @Override
        protected RecordJson computeValue(Class<?> type) {
            return new RecordJson(type);
        }
    };

    private final Class<?> type;
    private final Constructor<?> constructor;
    private final Map<String, Component> components = new LinkedHashMap<>();

    private record Component(int place, Method accessor, Type type) {
        JsonKind kind() {
            return JsonKind.of(type);
        }
    }

    private RecordJson(Class<?> type) {
        if (!type.isRecord()) {
            throw new IllegalArgumentException(type + " is no message (expected: a record)");
        }
        this.type = type;
        RecordComponent[] declared = type.getRecordComponents();
        for (RecordComponent component : declared) {
            Method accessor = component.getAccessor();
            accessor.setAccessible(true); // messages are private to their package
            components.put(component.getName(), new Component(components.size(), accessor, component.getGenericType()));
        }
        try {
            constructor = type.getDeclaredConstructor(
                    Arrays.stream(declared).map(RecordComponent::getType).toArray(Class<?>[]::new));
            constructor.setAccessible(true);
        } catch (NoSuchMethodException e) {
            throw new IllegalStateException("every record has this constructor", e);
        }
    }

    /** @throws IllegalArgumentException if {@code type} is no record */
    static RecordJson of(Class<?> type) {
        return KNOWN.get(type);
    }

    @Override
    public void write(JsonGenerator json, Object message) throws IOException {
        json.writeStartObject();
        for (Map.Entry<String, Component> entry : components.entrySet()) {
            json.writeFieldName(entry.getKey());
            Object value = value(entry.getValue().accessor(), message);
            if (value == null) {
                throw new IllegalArgumentException(type.getSimpleName() + "." + entry.getKey() + " is null");
            }
            entry.getValue().kind().write(json, value);
        }
        json.writeEndObject();
    }

    private static @Nullable Object value(Method accessor, Object message) {
        try {
            return accessor.invoke(message);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException("made accessible above", e);
        } catch (InvocationTargetException e) {
            throw new IllegalArgumentException(accessor + " failed", e.getCause());
        }
    }

    @Override
    public Object read(JsonParser json) throws IOException {
        JsonKind.expect(json, JsonToken.START_OBJECT, type.getSimpleName());
        @Nullable Object[] values = new @Nullable Object[components.size()];
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            Component component = components.get(json.currentName());
            if (component == null) {
                throw new JsonKind.Unexpected("a field that it does not have");
            }
            json.nextToken();
            values[component.place()] = component.kind().read(json);
        }
        requireAll(values);
        return create(values);
    }

    private void requireAll(@Nullable Object[] values) throws JsonKind.Unexpected {
        List<String> missing = new ArrayList<>();
        components.forEach((name, component) -> {
            if (values[component.place()] == null) {
                missing.add(name);
            }
        });
        if (!missing.isEmpty()) {
            throw new JsonKind.Unexpected("without " + String.join(", ", missing));
        }
    }

    private Object create(@Nullable Object[] values) throws JsonKind.Unexpected {
        try {
            return constructor.newInstance(values);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof RuntimeException refused) {
                throw new JsonKind.Unexpected("refused: " + refused.getMessage());
            }
            throw new IllegalStateException(type + " cannot be made", e);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(type + " cannot be made", e);
        }
    }

    /** The kind of the elements of a list, or of the values of a map. */
    static JsonKind last(ParameterizedType type) {
        Type[] arguments = type.getActualTypeArguments();
        return JsonKind.of(arguments[arguments.length - 1]);
    }
}
