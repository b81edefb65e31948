package io.culvert.agent.config;

import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;

/** What a setting takes. */
public enum SettingType {
    TEXT("text") {
        @Override
        boolean accepts(ConfigValue value) {
            return value.valueType() == ConfigValueType.STRING;
        }
    },
    FLAG("true or false") {
        @Override
        boolean accepts(ConfigValue value) {
            return value.valueType() == ConfigValueType.BOOLEAN;
        }
    },
    INTEGER("a whole number, without quotes") {
        @Override
        boolean accepts(ConfigValue value) {
            return value.unwrapped() instanceof Integer || value.unwrapped() instanceof Long;
        }
    },
    DURATION("a duration such as 10s or 1m30s") {
        @Override
        boolean accepts(ConfigValue value) {
            return TEXT.accepts(value)
                    && Durations.parse(String.valueOf(value.unwrapped())).isPresent();
        }
    },
    TEXTS("a list of texts such as [\"a\", \"b\"]") {
        @Override
        boolean accepts(ConfigValue value) {
            return value instanceof ConfigList list && list.stream().allMatch(TEXT::accepts);
        }
    },
    TEXT_MAP("a block of texts such as { rack = \"r7\" }") {
        @Override
        boolean accepts(ConfigValue value) {
            return value instanceof ConfigObject object
                    && object.values().stream().allMatch(TEXT::accepts);
        }
    },
    DURATION_MAP("a block of durations such as { web = 10s }") {
        @Override
        boolean accepts(ConfigValue value) {
            return value instanceof ConfigObject object
                    && object.values().stream().allMatch(DURATION::accepts);
        }
    };

    private final String expected;

    SettingType(String expected) {
        this.expected = expected;
    }

    abstract boolean accepts(ConfigValue value);

    String expected() {
        return expected;
    }
}
