package io.culvert.identity.join;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.culvert.identity.Fingerprint;
import io.culvert.testbed.kit.Property;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class JoinTokenLedgerTest {
    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
    private static final Duration HOUR = Duration.ofHours(1);

    private final SecureRandom random = new SecureRandom();

    @Test
    void a_token_brings_in_one_host_and_then_no_other() {
        JoinTokenLedger.Issue issue = JoinTokenLedger.EMPTY.issue(order(HOUR, 1), random, NOW);
        JoinToken token = issue.token();
        Redemption first = issue.next().redeem(token.id(), token.secret(), "app-1", NOW);
        assertThat(first).isInstanceOf(Redemption.Accepted.class);
        Redemption second = ((Redemption.Accepted) first).next().redeem(token.id(), token.secret(), "app-2", NOW);
        assertThat(second).isEqualTo(new Redemption.AlreadyUsed(token.id(), "app-1"));
        assertThat(second.sentence()).contains("app-1").contains("culvert join-token");
    }

    @Test
    void a_token_for_three_brings_in_three() {
        JoinTokenLedger.Issue issue = JoinTokenLedger.EMPTY.issue(order(HOUR, 3), random, NOW);
        JoinToken token = issue.token();
        JoinTokenLedger ledger = issue.next();
        for (int i = 0; i < 3; i++) {
            ledger = ((Redemption.Accepted) ledger.redeem(token.id(), token.secret(), "n" + i, NOW)).next();
        }
        assertThat(ledger.redeem(token.id(), token.secret(), "n3", NOW)).isInstanceOf(Redemption.AlreadyUsed.class);
    }

    @Test
    void each_way_of_being_wrong_is_told_apart() {
        JoinTokenLedger.Issue issue = JoinTokenLedger.EMPTY.issue(order(HOUR, 1), random, NOW);
        JoinToken token = issue.token();
        JoinTokenLedger ledger = issue.next();
        assertThat(ledger.redeem(token.id() + 1, token.secret(), "n", NOW))
                .isEqualTo(new Redemption.Unknown(token.id() + 1));
        assertThat(ledger.redeem(token.id(), new byte[32], "n", NOW)).isEqualTo(new Redemption.WrongSecret(token.id()));
        assertThat(ledger.redeem(token.id(), token.secret(), "n", NOW.plus(HOUR)))
                .isEqualTo(new Redemption.Expired(token.id(), NOW.plus(HOUR)));
        assertThat(ledger.redeem(token.id(), token.secret(), "n", NOW.plus(HOUR).minusMillis(1)))
                .isInstanceOf(Redemption.Accepted.class);
        assertThat(ledger.revoke(token.id()).redeem(token.id(), token.secret(), "n", NOW))
                .isInstanceOf(Redemption.Unknown.class);
    }

    @Test
    void who_has_no_secret_learns_nothing_of_a_tokens_state() {
        JoinTokenLedger.Issue issue = JoinTokenLedger.EMPTY.issue(order(HOUR, 1), random, NOW);
        long id = issue.token().id();
        assertThat(issue.next().redeem(id, new byte[32], "n", NOW.plus(HOUR)))
                .isInstanceOf(Redemption.WrongSecret.class);
        assertThat(issue.next().redeem(id, new byte[0], "n", NOW)).isInstanceOf(Redemption.WrongSecret.class);
    }

    @Test
    void the_ledger_does_not_hold_the_secret() {
        JoinTokenLedger.Issue issue = JoinTokenLedger.EMPTY.issue(order(HOUR, 1), random, NOW);
        IssuedToken kept = issue.next().tokens().get(0);
        assertThat(kept.secretHash())
                .isNotEqualTo(HexFormat.of().formatHex(issue.token().secret()));
        assertThat(kept.toString()).doesNotContain(kept.secretHash());
        assertThat(JoinTokenLedger.of(issue.next().tokens())
                        .redeem(issue.token().id(), issue.token().secret(), "n", NOW))
                .isInstanceOf(Redemption.Accepted.class);
    }

    @Test
    void spent_tokens_are_forgotten_after_a_week_or_when_room_is_needed() {
        JoinTokenLedger ledger = JoinTokenLedger.EMPTY;
        for (int i = 0; i < JoinTokenLedger.MOST_TOKENS; i++) {
            ledger = ledger.issue(order(HOUR, 1), random, NOW).next();
        }
        JoinTokenLedger full = ledger;
        assertThatThrownBy(() -> full.issue(order(HOUR, 1), random, NOW)).hasMessageContaining("revoke");
        assertThat(full.issue(order(HOUR, 1), random, NOW.plus(HOUR)).next().tokens())
                .hasSize(1);
        JoinTokenLedger two = JoinTokenLedger.EMPTY
                .issue(order(HOUR, 1), random, NOW)
                .next()
                .issue(order(HOUR, 1), random, NOW.plus(Duration.ofDays(6)))
                .next();
        assertThat(two.tokens()).hasSize(2);
        assertThat(two.issue(order(HOUR, 1), random, NOW.plus(Duration.ofDays(8)))
                        .next()
                        .tokens())
                .hasSize(2);
    }

    @Test
    void an_order_has_bounds() {
        for (Duration wrong : List.of(Duration.ZERO, Duration.ofSeconds(-1), Duration.ofDays(31))) {
            assertThatThrownBy(() -> order(wrong, 1)).hasMessageContaining("life");
        }
        assertThatThrownBy(() -> order(HOUR, 0)).hasMessageContaining("uses");
        assertThatThrownBy(() -> order(HOUR, 100_001)).hasMessageContaining("uses");
    }

    @Test
    void a_token_never_brings_in_more_hosts_than_it_has_uses() {
        Property.forSeeds(200, seeded -> {
            int uses = 1 + seeded.nextInt(5);
            JoinTokenLedger.Issue issue = JoinTokenLedger.EMPTY.issue(order(HOUR, uses), random, NOW);
            JoinTokenLedger ledger = issue.next();
            int accepted = 0;
            for (int i = 0; i < 20; i++) {
                byte[] secret = seeded.nextBoolean() ? issue.token().secret() : Property.bytes(seeded, 32);
                Redemption redemption =
                        ledger.redeem(issue.token().id(), secret, "n" + i, NOW.plusSeconds(seeded.nextInt(7_200)));
                if (redemption instanceof Redemption.Accepted yes) {
                    accepted++;
                    ledger = yes.next();
                }
            }
            assertThat(accepted).isLessThanOrEqualTo(uses);
        });
    }

    private static JoinTokenLedger.Order order(Duration life, int uses) {
        return new JoinTokenLedger.Order(List.of("10.0.0.1:8443"), Fingerprint.of(new byte[32]), life, uses);
    }
}
