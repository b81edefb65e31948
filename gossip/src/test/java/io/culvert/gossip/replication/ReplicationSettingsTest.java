package io.culvert.gossip.replication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.culvert.gossip.replication.ReplicationSettings.Bounds;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReplicationSettingsTest {
    @Test
    void the_defaults_are_those_of_the_design() {
        ReplicationSettings defaults = ReplicationSettings.DEFAULT;

        assertThat(defaults.resignAfter()).isEqualTo(Duration.ofHours(6));
        assertThat(defaults.pullTimeout()).isEqualTo(Duration.ofSeconds(1));
        assertThat(defaults.unlistedAfter()).isEqualTo(Duration.ofHours(36));
        assertThat(defaults.forgetAfter()).isEqualTo(Duration.ofHours(72));
        assertThat(defaults.strangersYoungerThan()).isEqualTo(Duration.ofHours(48));
        assertThat(defaults.bounds()).isEqualTo(new Bounds(4_096, 16_777_216, 4_096, 16_777_216, 1_024, 65_536));
    }

    @Test
    void every_setting_can_be_another() {
        ReplicationSettings other = settings(1, 2, 3, 9, 4);

        assertThat(other.resignAfter()).isEqualTo(Duration.ofHours(1));
        assertThat(other.pullTimeout()).isEqualTo(Duration.ofHours(2));
        assertThat(other.unlistedAfter()).isEqualTo(Duration.ofHours(3));
        assertThat(other.forgetAfter()).isEqualTo(Duration.ofHours(9));
        assertThat(other.strangersYoungerThan()).isEqualTo(Duration.ofHours(4));
    }

    @Test
    void combinations_that_bring_the_forgotten_back_are_refused() {
        assertThatThrownBy(() -> settings(6, 1, 72, 72, 48)).hasMessageContaining("unlisted after");
        assertThatThrownBy(() -> settings(25, 1, 36, 72, 48)).hasMessageContaining("sign again after");
        assertThatThrownBy(() -> settings(-1, 1, 36, 72, 48)).hasMessageContaining("sign again after");
        assertThatThrownBy(() -> settings(6, 1, 36, 72, 72)).hasMessageContaining("strangers younger than");
        assertThatThrownBy(() -> settings(6, 0, 36, 72, 48)).hasMessageContaining("pull timeout");
        assertThatThrownBy(() -> settings(6, -1, 36, 72, 48)).hasMessageContaining("pull timeout");
    }

    @Test
    void every_bound_is_at_least_one() {
        for (Runnable tooSmall : List.<Runnable>of(
                () -> bounds(0, 1, 1, 1, 1, 1),
                () -> bounds(1, 0, 1, 1, 1, 1),
                () -> bounds(1, 1, 0, 1, 1, 1),
                () -> bounds(1, 1, 1, 0, 1, 1),
                () -> bounds(1, 1, 1, 1, 0, 1),
                () -> bounds(1, 1, 1, 1, 1, 0))) {
            assertThatThrownBy(tooSmall::run).hasMessageContaining("at least 1");
        }
    }

    private static void bounds(int strangers, long bytes, int verifications, long waiting, int pulls, int rumours) {
        assertThat(new Bounds(strangers, bytes, verifications, waiting, pulls, rumours))
                .isNotNull();
    }

    private static ReplicationSettings settings(int resign, int pull, int unlisted, int forget, int strangers) {
        return new ReplicationSettings(
                Duration.ofHours(resign),
                Duration.ofHours(pull),
                Duration.ofHours(unlisted),
                Duration.ofHours(forget),
                Duration.ofHours(strangers),
                ReplicationSettings.DEFAULT.bounds());
    }
}
