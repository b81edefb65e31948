package io.culvert.health.probe;

import static org.assertj.core.api.Assertions.assertThat;

import io.culvert.testbed.kit.Property;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class TailBufferTest {
    @Test
    void it_keeps_the_last_bytes_of_any_pieces() {
        Property.forSeeds(500, random -> {
            int most = 1 + random.nextInt(50);
            TailBuffer tail = new TailBuffer(most);
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            for (int i = random.nextInt(10); i > 0; i--) {
                byte[] piece = new byte[random.nextInt(120)];
                for (int j = 0; j < piece.length; j++) {
                    piece[j] = (byte) ('a' + random.nextInt(26));
                }
                int offset = random.nextInt(piece.length + 1);
                tail.append(piece, offset, piece.length - offset);
                all.write(piece, offset, piece.length - offset);
            }
            byte[] bytes = all.toByteArray();
            byte[] expected = Arrays.copyOfRange(bytes, Math.max(0, bytes.length - most), bytes.length);
            assertThat(tail.text()).isEqualTo(new String(expected, StandardCharsets.UTF_8));
            assertThat(tail.total()).isEqualTo(bytes.length);
            assertThat(tail.isCut()).isEqualTo(bytes.length > most);
        });
    }

    @Test
    void a_character_that_lost_its_beginning_is_left_out() {
        for (int most = 1; most < 12; most++) {
            TailBuffer tail = new TailBuffer(most);
            byte[] bytes = "😀😀😀".getBytes(StandardCharsets.UTF_8);
            tail.append(bytes, 0, bytes.length);
            assertThat("😀😀😀").endsWith(tail.text());
        }
    }
}
