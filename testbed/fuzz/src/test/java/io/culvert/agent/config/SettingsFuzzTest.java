package io.culvert.agent.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Whatever culvert.conf holds: settings, or errors; never an exception, and no other file is opened. */
class SettingsFuzzTest {
    @FuzzTest
    void any_text_is_settings_or_errors(byte[] content) {
        String text = new String(content, StandardCharsets.UTF_8);
        SettingsReader.Result result = SettingsReader.read("culvert.conf", text, List.of(), "host-1", new Problems());
        assertThat(result.settings().isPresent())
                .isNotEqualTo(result.problems().stream().anyMatch(p -> p.isError()));
    }
}
