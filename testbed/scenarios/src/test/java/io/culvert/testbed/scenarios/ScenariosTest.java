package io.culvert.testbed.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Every scenario, as part of the whole. On a machine that cannot have namespaces they fail, loudly. */
class ScenariosTest {
    @TestFactory
    Stream<DynamicTest> scenarios() {
        assertThat(Runner.all()).isNotEmpty();
        return Runner.all().stream()
                .map(scenario -> DynamicTest.dynamicTest(scenario.name(), () -> Runner.play(scenario)));
    }
}
