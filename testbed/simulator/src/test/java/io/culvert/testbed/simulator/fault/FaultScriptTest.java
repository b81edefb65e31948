package io.culvert.testbed.simulator.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.culvert.testbed.kit.Property;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FaultScriptTest {
    @Test
    void what_is_printed_is_read_as_the_same() {
        Property.forSeeds(200, random -> {
            FaultScript script = new FaultGenerator(random, 50, Duration.ofMinutes(3)).draw();
            assertThat(FaultScript.parse(script.toString())).isEqualTo(script);
            assertThat(FaultScript.parse(script.inline())).isEqualTo(script);
        });
    }

    @Test
    void a_script_reads_as_one_fault_a_line_in_order_of_time() {
        FaultScript script = FaultScript.parse("""
                # afterwards
                crash at=20s length=0s hosts=3 disk=before-sync

                cut at=1500ms length=71h from=0-4 to=5,7 both=true   # the partition
                """);
        assertThat(script.toString())
                .isEqualTo("cut at=1500ms length=255600s from=0-4 to=5,7 both=true\n"
                        + "crash at=20s length=0s hosts=3 disk=before-sync");
        assertThat(script.length()).isEqualTo(Duration.ofHours(71).plusMillis(1_500));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "flood at=1s                         | unknown fault 'flood'",
                "pause at=1s length=1s               | hosts is missing",
                "pause at=1s length=1s hosts=x       | 'x' is not a number",
                "pause at=1s length=1s hosts=9-3     | runs backwards",
                "pause at=1 length=1s hosts=3        | expected: as in 1500ms",
                "pause at=1s length=1s hosts=3 why=0 | unknown [why]",
                "pause at=1s at=1s length=1s hosts=3 | each once",
                "crash at=1s length=1s hosts=3 disk=half | expected one of",
            })
    void what_cannot_be_read_is_refused_with_the_entry_and_the_reason(String line, String reason) {
        assertThatThrownBy(() -> FaultScript.parse("publish at=1s length=0s hosts=1\n" + line))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("entry 2 of the script")
                .hasMessageContaining(reason);
    }
}
