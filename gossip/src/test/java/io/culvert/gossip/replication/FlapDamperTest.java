package io.culvert.gossip.replication;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.culvert.catalog.CheckStatus;
import io.culvert.catalog.NodeContent;
import io.culvert.catalog.NodeId;
import io.culvert.testbed.kit.Property;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class FlapDamperTest {
    private static final NodeId SELF = new NodeId(0, 1);

    private final FlapDamper damper = new FlapDamper();
    private final NodeContent well = Contents.of(SELF, 2, CheckStatus.PASSING);
    private final NodeContent firstFails = Contents.withStatus(well, 0, CheckStatus.CRITICAL);
    private @Nullable NodeContent told;

    private FlapDamper.Damped tell(NodeContent wanted, long seconds) {
        long now = Duration.ofSeconds(seconds).toNanos();
        FlapDamper.Damped damped = damper.damp(wanted, told, now);
        damper.told(damped, now);
        told = damped.content();
        return damped;
    }

    private static CheckStatus status(NodeContent content, int check) {
        return content.checks().get(check).status();
    }

    @Test
    void bad_news_and_the_first_recovery_are_told_at_once() {
        assertThat(tell(firstFails, 0).content()).isEqualTo(firstFails);
        assertThat(tell(well, 1).content()).isEqualTo(well);
        assertThat(tell(firstFails, 2).content()).isEqualTo(firstFails);
    }

    @Test
    void a_second_recovery_within_five_seconds_waits_for_their_end() {
        tell(firstFails, 0);
        tell(well, 1);
        tell(firstFails, 2);

        FlapDamper.Damped early = tell(well, 3);
        assertThat(status(early.content(), 0)).isEqualTo(CheckStatus.CRITICAL);
        assertThat(early.dueAt()).isEqualTo(Duration.ofSeconds(6).toNanos());

        FlapDamper.Damped due = tell(well, 6);
        assertThat(due.content()).isEqualTo(well);
        assertThat(due.dueAt()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void one_instance_that_flaps_does_not_hold_up_another() {
        NodeContent bothFail = Contents.withStatus(firstFails, 1, CheckStatus.CRITICAL);
        tell(firstFails, 0);
        tell(well, 1);
        tell(bothFail, 2);

        NodeContent content = tell(well, 3).content();

        assertThat(status(content, 0)).isEqualTo(CheckStatus.CRITICAL);
        assertThat(status(content, 1)).isEqualTo(CheckStatus.PASSING);
    }

    @Test
    void a_new_instance_is_told_at_once_while_another_flaps() {
        tell(firstFails, 0);
        tell(well, 1);
        tell(firstFails, 2);
        NodeContent more = Contents.of(SELF, 3, CheckStatus.PASSING);

        NodeContent content = tell(more, 3).content();

        assertThat(content.services()).hasSize(3);
        assertThat(content.checks()).hasSize(3);
        assertThat(status(content, 0)).isEqualTo(CheckStatus.CRITICAL);
    }

    @Test
    void whatever_the_flapping_an_instance_recovers_once_in_five_seconds_and_is_never_shown_better_than_it_is() {
        Property.forSeeds(200, this::flap);
    }

    private void flap(SplittableRandom random) {
        FlapDamper fresh = new FlapDamper();
        NodeContent wanted = well;
        NodeContent shown = well;
        List<Long> recoveries = new ArrayList<>();
        long due = Long.MAX_VALUE;
        for (long now = 0; now < 60_000_000_000L; now += 200_000_000L) {
            if (random.nextInt(3) == 0) {
                wanted = Contents.withStatus(wanted, 0, Contents.randomStatus(random));
            } else if (now < due) {
                continue;
            }
            FlapDamper.Damped damped = fresh.damp(wanted, shown, now);
            fresh.told(damped, now);
            if (status(damped.content(), 0).compareTo(status(shown, 0)) < 0) {
                recoveries.add(now);
            }
            shown = damped.content();
            due = damped.dueAt();
            assertThat(status(shown, 0)).isGreaterThanOrEqualTo(status(wanted, 0));
        }
        for (int i = 1; i < recoveries.size(); i++) {
            assertThat(recoveries.get(i) - recoveries.get(i - 1)).isGreaterThanOrEqualTo(FlapDamper.QUIET_NANOS);
        }
        assertThat(fresh.damp(wanted, shown, Long.MAX_VALUE / 2).content()).isEqualTo(requireNonNull(wanted));
    }
}
