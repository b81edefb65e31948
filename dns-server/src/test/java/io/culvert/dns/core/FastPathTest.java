package io.culvert.dns.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.culvert.catalog.ServiceInstance;
import io.culvert.catalog.Weights;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/** Which questions take the short way, and that what it remembers is never old. */
class FastPathTest {
    private final SampleMesh mesh = new SampleMesh();
    private final AnswerBuffer out = new AnswerBuffer();
    private final Responder responder = new Responder(ZoneSettings.DEFAULT, new SplittableRandom(1));

    @ParameterizedTest
    @CsvSource({
        "mysql.mesh, 1",
        "MYSQL.mesh, 28",
        "mysql.mesh, 33",
        "web.service.consul, 1",
        "web.service.mesh, 33",
        "_web._tcp.service.mesh, 33",
        "db-1.node.mesh, 1",
        "six.node.mesh, 28",
        "0a000007.addr.mesh, 1",
        "unknown.mesh, 1",
        "unknown.service.mesh, 33",
        "mesh, 1"
    })
    void common_questions_take_it_with_and_without_edns(String name, int type) {
        assertThat(takes(Questions.plain(name, type))).isTrue();
        assertThat(takes(Questions.edns(name, type, 1_232))).isTrue();
        byte[] cookieOfDig = {0, 10, 0, 8, 1, 2, 3, 4, 5, 6, 7, 8};
        assertThat(takes(Questions.message(0x0120, name, type, 1, 1_232, 0, cookieOfDig)))
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource({"example.com, 1", "hosted.service.mesh, 1", "mysql.mesh, 255", "mesh, 6", "db-1.node.mesh, 16"})
    void other_questions_do_not(String name, int type) {
        assertThat(takes(Questions.plain(name, type))).isFalse();
        assertThat(out.length()).isZero();
    }

    @Test
    void an_answer_that_does_not_fit_does_not() {
        for (int i = 0; i < 60; i++) {
            mesh.host(
                    100 + i,
                    "many-" + i,
                    "10.1.0." + i,
                    "dc1",
                    false,
                    List.of(SampleMesh.instance("many", "many", 80, "", List.of(), Weights.DEFAULT)),
                    List.of());
        }
        assertThat(takes(Questions.plain("many.service.mesh", Type.A))).isFalse();
        assertThat(takes(Questions.edns("many.service.mesh", Type.A, 1_232))).isTrue();
    }

    @Test
    void what_is_remembered_follows_every_change() {
        String loopback = mesh.loopback("mysql");
        byte[] question = Questions.plain("mysql.service.mesh", Type.A);
        byte[] name = Questions.plain("mysql.mesh", Type.A);
        for (int i = 0; i < 200; i++) {
            mesh.host(
                    2,
                    "App-1",
                    "10.0.7." + i,
                    "dc1",
                    false,
                    List.of(SampleMesh.instance("mysql-2", "mysql", 3307, "", List.of(), Weights.DEFAULT)
                            .withMesh()),
                    List.of());

            assertThat(takes(question)).isTrue();
            assertThat(Questions.section(Questions.decode(out), Section.ANSWER))
                    .containsExactlyInAnyOrder("0 A 10.0.0.7", "0 A 10.0.7." + i);
            assertThat(takes(name)).isTrue();
            assertThat(Questions.section(Questions.decode(out), Section.ANSWER)).containsExactly("0 A " + loopback);
        }
    }

    @Test
    void more_names_than_it_can_remember_are_all_answered_right() {
        int hosts = 400;
        int each = 100;
        int count = hosts * each;
        for (int host = 0; host < hosts; host++) {
            List<ServiceInstance> services = new ArrayList<>();
            for (int i = host * each; i < (host + 1) * each; i++) {
                services.add(SampleMesh.instance("s" + i, "s" + i, i + 1, "", List.of(), Weights.DEFAULT));
            }
            mesh.host(1_000 + host, "big-" + host, "10.0.0.99", "dc1", false, services, List.of());
        }
        View view = mesh.view();
        SplittableRandom random = new SplittableRandom();
        for (int i = 0; i < 2 * count; i++) {
            int port = random.nextInt(count);
            byte[] question = Questions.plain("s" + port + ".service.mesh", Type.SRV);
            assertThat(responder.respondFast(question, question.length, Transport.UDP_LOCAL, view, out))
                    .isTrue();
            int portAt = question.length + 2 + 10 + 4;
            assertThat(WireFormat.u16(out.bytes(), portAt)).isEqualTo(port + 1);
        }
    }

    private boolean takes(byte[] question) {
        return responder.respondFast(question, question.length, Transport.UDP_LOCAL, mesh.view(), out);
    }
}
