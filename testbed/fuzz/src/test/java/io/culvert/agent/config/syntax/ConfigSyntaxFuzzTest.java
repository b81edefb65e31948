package io.culvert.agent.config.syntax;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;

/** Whatever a file holds: no exception, bounded problems, each with a place and words that a terminal can bear. */
class ConfigSyntaxFuzzTest {
    @FuzzTest
    void any_bytes_are_hcl_or_refused(byte[] content) {
        check(ConfigSyntax.parse("f.hcl", content, Dialect.HCL));
    }

    @FuzzTest
    void any_bytes_are_json_or_refused(byte[] content) {
        check(ConfigSyntax.parse("f.json", content, Dialect.JSON));
    }

    private static void check(ParsedFile file) {
        assertThat(file.problems()).hasSizeLessThan(60).allSatisfy(problem -> {
            assertThat(problem.position().line()).isPositive();
            assertThat(problem.position().column()).isPositive();
            assertThat(problem.message().chars()).allMatch(c -> c >= ' ');
        });
    }
}
