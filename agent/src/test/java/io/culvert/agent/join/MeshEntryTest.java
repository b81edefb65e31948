package io.culvert.agent.join;

import static org.assertj.core.api.Assertions.assertThat;

import io.culvert.catalog.NodeName;
import io.culvert.identity.AgentIdentity;
import io.culvert.identity.Fingerprint;
import io.culvert.identity.TrustDomain;
import io.culvert.identity.join.JoinToken;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MeshEntryTest {
    private static final Fingerprint OURS = Fingerprint.of(new byte[32]);
    private static final Fingerprint OTHERS = Fingerprint.of(
            new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5, 6, 7, 8
            });
    private static final NodeName NODE = new NodeName("app-1");
    private static final JoinToken TOKEN = token(OURS);

    private static JoinToken token(Fingerprint anchor) {
        return new JoinToken(List.of("10.0.0.1:8443"), anchor, 1, new byte[32]);
    }

    private static MeshMembership known(boolean server) {
        TrustDomain domain = new TrustDomain("ours.culvert");
        AgentIdentity id = new AgentIdentity(domain, "dc1", new NodeName("s1"));
        return new MeshMembership(
                domain, "dc1", NODE, server, List.of(new ServerSeat("10.0.0.1:8443", id)), List.of("10.0.0.1:8301"));
    }

    private static MeshEntry decide(boolean server, Optional<JoinToken> token, Optional<MeshMembership> known) {
        return MeshEntry.decide(new MeshEntry.Wish(server, token, NODE, "dc1"), known, Optional.of(OURS));
    }

    private static String refusal(MeshEntry entry) {
        assertThat(entry).isInstanceOf(MeshEntry.Refuse.class);
        return ((MeshEntry.Refuse) entry).sentence();
    }

    @Test
    void a_new_host_founds_joins_or_is_told_what_is_missing() {
        assertThat(decide(true, Optional.empty(), Optional.empty())).isInstanceOf(MeshEntry.Found.class);
        assertThat(decide(false, Optional.of(TOKEN), Optional.empty())).isEqualTo(new MeshEntry.Join(TOKEN));
        assertThat(refusal(decide(false, Optional.empty(), Optional.empty())))
                .contains("--join TOKEN")
                .contains("--server");
    }

    @Test
    void a_second_server_is_refused_with_a_sentence() {
        assertThat(refusal(decide(true, Optional.of(TOKEN), Optional.empty())))
                .contains("has its server already")
                .contains("not supported in this version");
        assertThat(refusal(decide(true, Optional.empty(), Optional.of(known(false)))))
                .contains("has its server already")
                .contains("10.0.0.1:8443");
    }

    @Test
    void a_host_of_a_mesh_goes_on_without_a_token_and_with_the_old_one() {
        for (boolean server : new boolean[] {true, false}) {
            MeshMembership known = known(server);
            assertThat(decide(false, Optional.empty(), Optional.of(known))).isEqualTo(new MeshEntry.Resume(known));
            assertThat(decide(false, Optional.of(TOKEN), Optional.of(known))).isEqualTo(new MeshEntry.Resume(known));
        }
        MeshMembership server = known(true);
        assertThat(decide(true, Optional.empty(), Optional.of(server))).isEqualTo(new MeshEntry.Resume(server));
    }

    @Test
    void a_host_of_a_mesh_does_not_change_over_to_another() {
        assertThat(refusal(decide(false, Optional.of(token(OTHERS)), Optional.of(known(false)))))
                .contains("another mesh")
                .contains("--data-dir");
    }

    @Test
    void a_host_does_not_change_its_name_or_datacenter_on_the_way() {
        MeshEntry.Wish renamed = new MeshEntry.Wish(false, Optional.empty(), new NodeName("app-2"), "dc1");
        assertThat(refusal(MeshEntry.decide(renamed, Optional.of(known(false)), Optional.of(OURS))))
                .contains("'app-1'")
                .contains("'app-2'");
        MeshEntry.Wish moved = new MeshEntry.Wish(false, Optional.empty(), NODE, "dc2");
        assertThat(refusal(MeshEntry.decide(moved, Optional.of(known(false)), Optional.of(OURS))))
                .contains("'dc1'");
        MeshEntry.Wish otherCase = new MeshEntry.Wish(false, Optional.empty(), new NodeName("APP-1"), "dc1");
        assertThat(MeshEntry.decide(otherCase, Optional.of(known(false)), Optional.of(OURS)))
                .isInstanceOf(MeshEntry.Resume.class);
    }
}
