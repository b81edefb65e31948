package io.culvert.identity.join;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.culvert.identity.Fingerprint;
import io.culvert.testbed.kit.Property;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JoinTokenTest {
    private static final SplittableRandom RANDOM = new SplittableRandom(1);
    private static final JoinToken TOKEN = random(RANDOM);

    @Test
    void a_token_is_one_word_that_comes_back_as_it_was() {
        Property.forSeeds(500, random -> {
            JoinToken token = random(random);
            assertThat(token.print()).matches("culvert-join-[A-Za-z0-9_-]+");
            JoinToken read = JoinToken.parse("  " + token.print() + "\n");
            assertThat(read).isEqualTo(token);
            assertThat(read.secret()).isEqualTo(token.secret());
            assertThat(read.addresses()).isEqualTo(token.addresses());
            assertThat(read.anchor()).isEqualTo(token.anchor());
        });
    }

    @Test
    void one_mistyped_letter_is_always_noticed_and_named_so() {
        String text = TOKEN.print();
        for (int at = "culvert-join-".length(); at < text.length(); at++) {
            char other = text.charAt(at) == 'A' ? 'B' : 'A';
            String wrong = text.substring(0, at) + other + text.substring(at + 1);
            assertThatThrownBy(() -> JoinToken.parse(wrong)).hasMessageContaining("mistyped or cut off");
        }
    }

    @Test
    void two_swapped_letters_and_a_cut_end_are_noticed() {
        String text = TOKEN.print();
        for (int length = 0; length < text.length(); length++) {
            String cut = text.substring(0, length);
            assertThatThrownBy(() -> JoinToken.parse(cut)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void random_text_is_refused_with_a_sentence() {
        Property.forSeeds(2_000, random -> {
            StringBuilder text = new StringBuilder(random.nextBoolean() ? "culvert-join-" : "");
            for (int i = random.nextInt(200); i > 0; i--) {
                text.append((char) (random.nextInt(5) == 0 ? random.nextInt(0x300) : '!' + random.nextInt(90)));
            }
            assertThatThrownBy(() -> JoinToken.parse(text.toString()))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("join token");
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "host", "host:", ":8443", "host:0", "host:65536", "ho st:1", "host:-1", "höst:1"})
    void an_address_without_host_or_port_is_refused(String address) {
        assertThatThrownBy(() -> new JoinToken(List.of(address), TOKEN.anchor(), 1, TOKEN.secret()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void the_secret_does_not_show_in_text() {
        assertThat(TOKEN.toString())
                .contains("****")
                .doesNotContain(TOKEN.print().substring(60));
    }

    private static JoinToken random(SplittableRandom random) {
        List<String> addresses = new ArrayList<>(Collections.nCopies(1 + random.nextInt(8), ""));
        addresses.replaceAll(any -> random.nextBoolean()
                ? "10.0.0." + random.nextInt(256) + ":" + (1 + random.nextInt(65_535))
                : "[fd00::" + Integer.toHexString(random.nextInt(65_536)) + "]:8443");
        return new JoinToken(
                addresses,
                Fingerprint.of(Property.bytes(random, Fingerprint.BYTES)),
                random.nextLong(),
                Property.bytes(random, JoinToken.SECRET_BYTES));
    }
}
