package io.culvert.gossip.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.culvert.gossip.membership.SwimSettings;
import io.culvert.testbed.kit.Property;
import org.junit.jupiter.api.Test;

class GossipBudgetTest {
    private static final long SECOND = 1_000_000_000L;
    private static final int FLOOR = 3_600;
    private static final int RATE = 20_000;

    private static GossipBudget budget() {
        return new GossipBudget(new SwimSettings.Budget(RATE, 256_000), FLOOR, 0);
    }

    /** Both want all they can get, in whatever order and portions, for ten minutes. */
    @Test
    void under_any_load_content_has_a_fifth_and_news_of_members_four_fifths() {
        Property.forSeeds(50, random -> {
            GossipBudget budget = budget();
            long members = 0;
            long content = 0;
            long now = 0;
            while (now < 600 * SECOND) {
                now += random.nextLong(SECOND / 5);
                if (random.nextBoolean()) {
                    int taken = random.nextInt(budget.forMembers(now) + 1);
                    budget.spendForMembers(taken, now);
                    members += taken;
                    taken = budget.forContent(now);
                    budget.spendForContent(taken, now);
                    content += taken;
                } else {
                    int taken = budget.forMembers(now);
                    budget.spendForMembers(taken, now);
                    members += taken;
                    taken = random.nextInt(budget.forContent(now) + 1);
                    budget.spendForContent(taken, now);
                    content += taken;
                }
            }
            // The last step may end a fifth of a second later.
            long most = RATE * 600L + 256_000 + RATE / 5;
            assertThat(members + content).isLessThanOrEqualTo(most);
            assertThat(content).isGreaterThan(most / 5 * 9 / 10);
            assertThat(members).isGreaterThan(most / 2);
        });
    }

    @Test
    void greedy_members_leave_content_its_fifth() {
        GossipBudget budget = budget();
        long content = 0;
        for (long now = 0; now < 600 * SECOND; now += SECOND / 5) {
            budget.spendForMembers(budget.forMembers(now), now);
            int taken = budget.forContent(now);
            budget.spendForContent(taken, now);
            content += taken;
        }
        assertThat(content).isBetween(600L * RATE / 5 - 1_000, 600L * RATE / 5 + 60_000);
    }

    @Test
    void greedy_content_leaves_news_of_members_room_at_every_moment() {
        GossipBudget budget = budget();
        for (long now = 0; now < 600 * SECOND; now += SECOND / 5) {
            budget.spendForContent(budget.forContent(now), now);
            assertThat(budget.forMembers(now)).isGreaterThanOrEqualTo(FLOOR);
        }
    }

    @Test
    void what_one_leaves_the_other_may_have() {
        GossipBudget onlyContent = budget();
        GossipBudget onlyMembers = budget();
        long content = 0;
        long members = 0;
        for (long now = 0; now < 600 * SECOND; now += SECOND / 5) {
            int taken = onlyContent.forContent(now);
            onlyContent.spendForContent(taken, now);
            content += taken;
            taken = onlyMembers.forMembers(now);
            onlyMembers.spendForMembers(taken, now);
            members += taken;
        }
        assertThat(content).isGreaterThan(600L * RATE * 99 / 100);
        assertThat(members).isGreaterThan(600L * RATE * 99 / 100);
    }
}
