package io.culvert.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.culvert.testbed.kit.Property;
import java.time.Duration;
import java.time.Instant;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class LeafRotationTest {
    private static final Instant START = Instant.parse("2026-11-22T12:00:00Z");

    @Test
    void a_missing_certificate_is_due_at_once() {
        assertThat(LeafRotation.missing(START).look(START).renew()).isTrue();
    }

    @Test
    void a_renewal_is_due_between_half_and_seven_tenths_of_the_life() {
        Property.forSeeds(500, random -> {
            Duration life = Duration.ofSeconds(60 + random.nextInt(10_000_000));
            LeafRotation rotation = LeafRotation.of(START, START.plus(life), random);
            assertThat(rotation.look(START.plusMillis(life.toMillis() / 2 - 1)).renew())
                    .isFalse();
            assertThat(rotation.look(START.plusMillis(life.toMillis() * 7 / 10 + 1))
                            .renew())
                    .isTrue();
        });
    }

    @Test
    void one_who_looks_when_told_renews_in_time_and_only_once_per_life() {
        Property.forSeeds(300, random -> {
            Duration life = Duration.ofSeconds(60 + random.nextInt(1_000_000));
            LeafRotation rotation = LeafRotation.of(START, START.plus(life), random);
            Instant now = START;
            LeafRotation.Look look = rotation.look(now);
            while (!look.renew()) {
                assertThat(look.again()).isPositive().isLessThanOrEqualTo(LeafRotation.LONGEST_LOOK);
                now = now.plus(look.again());
                look = rotation.look(now);
            }
            assertThat(now).isEqualTo(rotation.renewAt());
        });
    }

    @Test
    void with_servers_away_for_a_fifth_of_the_life_nothing_expires_and_nobody_is_flooded() {
        Property.forSeeds(300, random -> {
            Duration life = Duration.ofSeconds(60 + random.nextInt(1_000_000));
            Instant expiry = START.plus(life);
            LeafRotation rotation = LeafRotation.of(START, expiry, random);
            Instant back = rotation.renewAt().plusMillis(life.toMillis() / 5);
            Instant now = rotation.renewAt();
            int attempts = 0;
            while (now.isBefore(back)) {
                LeafRotation.Look look = rotation.look(now);
                if (look.renew()) {
                    attempts++;
                    rotation = rotation.failed(now, random);
                    look = rotation.look(now);
                }
                now = now.plus(look.again());
            }
            assertThat(now).isBefore(expiry);
            assertThat(attempts).isBetween(2, 20 + (int) (life.dividedBy(5).toSeconds() / 150));
        });
    }

    @Test
    void waits_after_failures_double_with_jitter_up_to_a_bound() {
        SplittableRandom random = new SplittableRandom(7);
        LeafRotation rotation = LeafRotation.missing(START);
        for (int failures = 0; failures < 100; failures++) {
            rotation = rotation.failed(START, random);
            long whole = Math.min(1_000L << Math.min(failures, 20), LeafRotation.LONGEST_WAIT.toMillis());
            assertThat(Duration.between(START, rotation.renewAt()).toMillis()).isBetween(whole / 2, whole);
        }
    }

    @Test
    void a_clock_that_was_set_back_does_not_stop_the_attempts() {
        LeafRotation failed = LeafRotation.missing(START).failed(START, new SplittableRandom(7));
        assertThat(failed.look(START.minus(Duration.ofDays(365))).renew()).isTrue();
    }
}
