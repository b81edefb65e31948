package io.culvert.agent.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;

/** Whatever a service file holds: definitions, or errors with a place; never an exception. */
class ServiceFileFuzzTest {
    @FuzzTest
    void any_bytes_are_definitions_or_errors(byte[] content) {
        check("f.hcl", content);
        check("f.json", content);
    }

    private static void check(String file, byte[] content) {
        Problems problems = new Problems();
        ServiceFile read = FileBinder.read(file, content, BindRules.DEFAULT, problems);
        assertThat(problems.sorted())
                .allSatisfy(problem -> assertThat(problem.toString().chars()).allMatch(c -> c >= ' '));
        if (!problems.hasErrors()) {
            assertThat(read.services())
                    .allSatisfy(service -> assertThat(service.checks())
                            .allSatisfy(check -> assertThat(check.serviceId())
                                    .isEqualTo(service.instance().id())));
        }
    }
}
