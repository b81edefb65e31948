package io.culvert.agent.join;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.culvert.agent.files.DurableFile;
import io.culvert.catalog.NodeId;
import io.culvert.catalog.NodeName;
import io.culvert.identity.Fingerprint;
import io.culvert.identity.join.JoinTokenLedger;
import io.culvert.identity.join.Redemption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JoinLedgerTest {
    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
    private static final NodeName NAME = new NodeName("app-1");
    private static final NodeId FIRST = new NodeId(1, 1);
    private static final NodeId SECOND = new NodeId(2, 2);

    private final JoinLedger ledger =
            JoinLedger.EMPTY.joined(JoinTokenLedger.EMPTY, NAME, new JoinLedger.Joined(FIRST, NOW));

    @TempDir
    Path folder = Path.of("unset");

    @Test
    void a_name_belongs_to_the_live_agent_that_has_it() {
        Instant later = NOW.plus(Duration.ofDays(1));
        assertThat(ledger.conflict(NAME, SECOND, Optional.of(FIRST), later).orElseThrow())
                .contains("taken by another live agent");
        assertThat(ledger.conflict(new NodeName("APP-1"), SECOND, Optional.of(FIRST), later))
                .isPresent();
        assertThat(ledger.conflict(NAME, FIRST, Optional.of(FIRST), later)).isEmpty();
        assertThat(ledger.conflict(NAME, SECOND, Optional.empty(), later)).isEmpty();
        assertThat(ledger.conflict(new NodeName("app-2"), SECOND, Optional.empty(), later))
                .isEmpty();
    }

    @Test
    void a_name_given_a_moment_ago_is_taken_although_gossip_does_not_know_it_yet() {
        assertThat(ledger.conflict(NAME, SECOND, Optional.empty(), NOW.plusSeconds(119))
                        .orElseThrow())
                .contains("a moment ago");
        assertThat(ledger.conflict(NAME, FIRST, Optional.empty(), NOW.plusSeconds(1)))
                .isEmpty();
        assertThat(ledger.conflict(NAME, SECOND, Optional.empty(), NOW.plusSeconds(120)))
                .isEmpty();
    }

    @Test
    void a_certificate_older_than_the_last_join_under_its_name_is_another_hosts() {
        assertThat(ledger.takenSince(NAME, NOW.minus(Duration.ofDays(2)))).isTrue();
        assertThat(ledger.takenSince(NAME, NOW)).isFalse();
        assertThat(ledger.takenSince(NAME, NOW.plusSeconds(1))).isFalse();
        assertThat(ledger.takenSince(new NodeName("app-2"), NOW.minus(Duration.ofDays(2))))
                .isFalse();
    }

    @Test
    void tokens_and_hosts_survive_on_disk_however_many_they_are() throws IOException {
        LedgerFile file = new LedgerFile(new DurableFile(folder.resolve("ledger.json")));
        assertThat(file.read()).isEqualTo(JoinLedger.EMPTY);
        JoinTokenLedger.Issue issue = JoinTokenLedger.EMPTY.issue(
                new JoinTokenLedger.Order(
                        List.of("10.0.0.1:8443"), Fingerprint.of(new byte[32]), Duration.ofHours(1), 1),
                new SecureRandom(),
                NOW);
        JoinLedger full = ledger.with(issue.next());
        for (int i = 0; i < 500; i++) {
            full = full.joined(issue.next(), new NodeName("n" + i), new JoinLedger.Joined(new NodeId(i, i), NOW));
        }
        file.write(full);
        JoinLedger read = file.read();
        assertThat(read.hosts()).isEqualTo(full.hosts());
        Redemption redemption =
                read.tokens().redeem(issue.token().id(), issue.token().secret(), "x", NOW);
        assertThat(redemption).isInstanceOf(Redemption.Accepted.class);
        file.write(read.with(((Redemption.Accepted) redemption).next()));
        assertThat(file.read().tokens().redeem(issue.token().id(), issue.token().secret(), "y", NOW))
                .isEqualTo(new Redemption.AlreadyUsed(issue.token().id(), "x"));
    }

    @Test
    void a_damaged_ledger_is_an_error_that_says_what_to_do() throws IOException {
        Path path = folder.resolve("ledger.json");
        for (String damaged :
                List.of("", "{}", "{\"tokens\":[],\"hosts\":[{\"name\":\"a\",\"nodeId\":\"x\",\"since\":1}]}")) {
            Files.writeString(path, damaged);
            assertThatThrownBy(() -> new LedgerFile(new DurableFile(path)).read())
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("ledger.json")
                    .hasMessageContaining("backup");
        }
    }
}
