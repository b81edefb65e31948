package io.culvert.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.culvert.catalog.NodeName;
import io.culvert.catalog.ServiceName;
import io.culvert.testbed.kit.Property;
import java.util.SplittableRandom;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SpiffeIdTest {
    private static final TrustDomain DOMAIN = TrustDomain.of(UUID.fromString("0d3ddd67-ccb6-4ae0-89bc-fe350f7f66a1"));

    @Test
    void a_service_has_the_path_that_consul_gives_it() {
        SpiffeId id = new ServiceIdentity(DOMAIN, "dc1", new ServiceName("Web"));
        assertThat(id.uri())
                .isEqualTo("spiffe://0d3ddd67-ccb6-4ae0-89bc-fe350f7f66a1.culvert/ns/default/dc/dc1/svc/web");
        assertThat(id.intentionSource()).isEqualTo("web");
        assertThat(SpiffeId.parse(id.uri())).isEqualTo(id);
    }

    @Test
    void an_agent_has_the_path_that_consul_gives_it_and_is_a_host_to_intentions() {
        SpiffeId id = new AgentIdentity(DOMAIN, "dc1", new NodeName("DB-1"));
        assertThat(id.uri())
                .isEqualTo("spiffe://0d3ddd67-ccb6-4ae0-89bc-fe350f7f66a1.culvert/agent/client/dc/dc1/id/db-1");
        assertThat(id.intentionSource()).isEqualTo("host/db-1");
        assertThat(SpiffeId.parse(id.uri())).isEqualTo(id);
    }

    @Test
    void a_name_with_unusual_characters_is_encoded_and_comes_back() {
        SpiffeId id = new ServiceIdentity(DOMAIN, "dc1", new ServiceName("päy%2F?#"));
        assertThat(id.uri()).endsWith("/svc/p%C3%A4y%252f%3F%23").matches("\\p{ASCII}+");
        assertThat(SpiffeId.parse(id.uri())).isEqualTo(id);
    }

    @ParameterizedTest
    @ValueSource(strings = {".", ".."})
    void a_name_of_dots_never_becomes_a_step_in_a_path(String name) {
        SpiffeId id = new ServiceIdentity(DOMAIN, "dc1", new ServiceName(name));
        assertThat(id.uri()).doesNotEndWith(".");
        assertThat(SpiffeId.parse(id.uri())).isEqualTo(id);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "spiffe://",
                "spiffe://td",
                "http://td/ns/default/dc/dc1/svc/web",
                "SPIFFE://td/ns/default/dc/dc1/svc/web",
                "spiffe://TD/ns/default/dc/dc1/svc/web",
                "spiffe://td:443/ns/default/dc/dc1/svc/web",
                "spiffe://user@td/ns/default/dc/dc1/svc/web",
                "spiffe://td/ns/other/dc/dc1/svc/web",
                "spiffe://td/ns/default/dc/dc1/svc/",
                "spiffe://td/ns/default/dc/dc1/svc/web/",
                "spiffe://td/ns/default/dc/dc1/svc/Web",
                "spiffe://td/ns/default/dc/dc1/svc/web?x=1",
                "spiffe://td/ns/default/dc/dc1/svc/web#x",
                "spiffe://td/ns/default/dc/dc1/svc/%77eb",
                "spiffe://td/ns/default/dc/dc1/svc/a%2Fb",
                "spiffe://td/ns/default/dc/dc1/svc/a%0Ab",
                "spiffe://td/ns/default/dc/dc1/svc/%",
                "spiffe://td/ns/default/dc/dc1/svc/%f",
                "spiffe://td/ns/default/dc/dc1/svc/%c3",
                "spiffe://td/ns/default/dc/dc1/svc/%GG",
                "spiffe://td/ns/default/dc//svc/web",
                "spiffe://td/ns/default/dc/DC1/svc/web",
                "spiffe://td/agent/server/dc/dc1/id/db-1",
                "spiffe://td/../default/dc/dc1/svc/web",
                "spiffe:///ns/default/dc/dc1/svc/web",
            })
    void anything_but_the_one_spelling_is_refused(String uri) {
        assertThatThrownBy(() -> SpiffeId.parse(uri)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void whatever_is_parsed_is_written_back_the_same() {
        Property.forSeeds(2_000, random -> {
            String uri = mutated(random, "spiffe://td/ns/default/dc/dc1/svc/w%C3%A4b");
            try {
                assertThat(SpiffeId.parse(uri).uri()).isEqualTo(uri);
            } catch (IllegalArgumentException refused) {
                assertThat(refused.getMessage()).matches("[\\x20-\\x7e]+");
            }
        });
    }

    private static String mutated(SplittableRandom random, String uri) {
        StringBuilder text = new StringBuilder(uri);
        for (int i = random.nextInt(4); i > 0; i--) {
            int at = random.nextInt(text.length());
            switch (random.nextInt(3)) {
                case 0 -> text.setCharAt(at, (char) random.nextInt(0x180));
                case 1 -> text.deleteCharAt(at);
                default -> text.insert(at, (char) random.nextInt(0x80));
            }
        }
        return text.toString();
    }
}
