package io.culvert.agent.http.route;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;

/** Targets of request lines: refused, or a path without control characters. */
class TargetFuzzTest {
    @FuzzTest
    void a_target_is_refused_or_a_printable_path(byte[] line) {
        try {
            Target target = Target.parse(new String(line, StandardCharsets.ISO_8859_1));
            assertThat(target.path()).startsWith("/");
            assertThat(target.path().chars()).noneMatch(c -> c < ' ' || c == 0x7f);
        } catch (ApiRefusal refusal) {
            assertThat(refusal.status()).isIn(400, 500);
        }
    }
}
