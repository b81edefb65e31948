package io.culvert.dns.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.culvert.catalog.LoopbackPool;
import io.culvert.catalog.LoopbackTable;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/** Names and records, by rows: question, code, answers, additional records. */
class ResponderNamesTest {
    private static final String ANSWERED = "NOERROR";
    private static final String NO_DATA = "NODATA";
    private static final String NO_NAME = "NXDOMAIN";

    private final SampleMesh mesh = new SampleMesh();

    private record Row(String name, int type, String code, List<String> answers, List<String> additional) {
        static Row of(String name, int type, String... answers) {
            return new Row(name, type, ANSWERED, List.of(answers), List.of());
        }

        static Row no(String code, String name, int type) {
            return new Row(name, type, code, List.of(), List.of());
        }

        Row with(String... records) {
            return new Row(name, type, code, answers, List.of(records));
        }
    }

    static Stream<Row> addresses_of_the_mesh() {
        return Stream.of(
                Row.of("mysql.mesh", Type.A, "0 A $mysql"),
                Row.of("MySQL.MESH", Type.A, "0 A $mysql"),
                Row.of("mysql.virtual.mesh", Type.A, "0 A $mysql"),
                Row.of("mysql.virtual.dc1.mesh", Type.A, "0 A $mysql"),
                Row.of("mysql.dc1.mesh", Type.A, "0 A $mysql"),
                Row.of("mysql.consul", Type.A, "0 A $mysql"),
                Row.of("mysql.virtual.consul", Type.A, "0 A $mysql"),
                Row.of("mysql.mesh", Type.ANY, "0 A $mysql"),
                Row.of("mysql.mesh", Type.SRV, "0 SRV 1 1 3306 mysql.mesh.", "0 SRV 1 1 3307 mysql.mesh.")
                        .with("mysql.mesh. 0 A $mysql"),
                Row.of("mysql.consul", Type.SRV, "0 SRV 1 1 3306 mysql.consul.", "0 SRV 1 1 3307 mysql.consul.")
                        .with("mysql.consul. 0 A $mysql"),
                Row.no(NO_DATA, "mysql.mesh", Type.AAAA),
                Row.no(NO_DATA, "mysql.mesh", Type.TXT),
                Row.no(NO_DATA, "mysql.mesh", Type.HTTPS),
                Row.no(NO_DATA, "mysql.mesh", Type.SVCB),
                Row.no(NO_DATA, "mysql.mesh", 4711),
                // known, but nobody is healthy: still resolves
                Row.of("sick.mesh", Type.A, "0 A $sick"),
                Row.of("gone.mesh", Type.A, "0 A $gone"),
                Row.no(NO_NAME, "web.mesh", Type.A),
                Row.no(NO_NAME, "unknown.mesh", Type.A),
                Row.no(NO_NAME, "unknown.mesh", Type.AAAA),
                Row.no(NO_NAME, "primary.mysql.mesh", Type.A),
                Row.no(NO_NAME, "a.mysql.virtual.mesh", Type.A),
                Row.no(NO_NAME, "mysql.dc2.mesh", Type.A),
                Row.no(NO_NAME, "mysql.virtual.dc2.mesh", Type.A),
                Row.no(NO_NAME, "my/sql.mesh", Type.A),
                Row.no(NO_NAME, "my sql.mesh", Type.A));
    }

    static Stream<Row> addresses_of_instances() {
        return Stream.of(
                Row.of("web.service.mesh", Type.A, "0 A 10.0.0.7", "0 A 10.0.0.8"),
                Row.of("WEB.Service.Consul", Type.A, "0 A 10.0.0.7", "0 A 10.0.0.8"),
                Row.of("web.service.dc1.consul", Type.A, "0 A 10.0.0.7", "0 A 10.0.0.8"),
                Row.of("web.service.dc2.mesh", Type.A, "0 A 10.9.0.1"),
                Row.of("v1.web.service.mesh", Type.A, "0 A 10.0.0.7"),
                Row.of("V2.web.service.mesh", Type.A, "0 A 10.0.0.8"),
                Row.of("blue.green.web.service.mesh", Type.A, "0 A 10.0.0.7"),
                Row.of("mysql.service.mesh", Type.ANY, "0 A 10.0.0.7", "0 A 10.0.0.8"),
                Row.of("v6.service.mesh", Type.AAAA, "0 AAAA fd00:0:0:0:0:0:0:7"),
                Row.of("own.service.mesh", Type.A, "0 A 192.0.2.5"),
                Row.of("hosted.service.mesh", Type.A, "0 CNAME db.example.com."),
                Row.of("hosted.service.mesh", Type.AAAA, "0 CNAME db.example.com."),
                Row.of("hosted.service.mesh", Type.CNAME, "0 CNAME db.example.com."),
                Row.no(NO_DATA, "v6.service.mesh", Type.A),
                Row.no(NO_DATA, "web.service.mesh", Type.AAAA),
                Row.no(NO_DATA, "web.service.mesh", Type.TXT),
                Row.no(NO_DATA, "hosted.service.mesh", Type.TXT),
                Row.no(NO_NAME, "sick.service.mesh", Type.A),
                Row.no(NO_NAME, "gone.service.mesh", Type.A),
                Row.no(NO_NAME, "unknown.service.mesh", Type.A),
                Row.no(NO_NAME, "v3.web.service.mesh", Type.A),
                Row.no(NO_NAME, "web.service.dc3.mesh", Type.A),
                Row.no(NO_NAME, "web.service.dc1.extra.mesh", Type.A),
                Row.no(NO_NAME, "web.query.mesh", Type.A),
                Row.no(NO_NAME, "web.nothing.mesh", Type.A));
    }

    static Stream<Row> locations() {
        return Stream.of(
                // the weight is that of the state: 10 passing, 3 warning
                Row.of(
                                "web.service.mesh",
                                Type.SRV,
                                "0 SRV 1 10 80 db-1.node.dc1.mesh.",
                                "0 SRV 1 3 81 app-1.node.dc1.mesh.")
                        .with("app-1.node.dc1.mesh. 0 A 10.0.0.8", "db-1.node.dc1.mesh. 0 A 10.0.0.7"),
                Row.of(
                                "_web._tcp.service.mesh",
                                Type.SRV,
                                "0 SRV 1 10 80 db-1.node.dc1.mesh.",
                                "0 SRV 1 3 81 app-1.node.dc1.mesh.")
                        .with("app-1.node.dc1.mesh. 0 A 10.0.0.8", "db-1.node.dc1.mesh. 0 A 10.0.0.7"),
                Row.of("_web._v1.service.consul", Type.SRV, "0 SRV 1 10 80 db-1.node.dc1.consul.")
                        .with("db-1.node.dc1.consul. 0 A 10.0.0.7"),
                Row.of("_web._v1.mesh", Type.SRV, "0 SRV 1 10 80 db-1.node.dc1.mesh.")
                        .with("db-1.node.dc1.mesh. 0 A 10.0.0.7"),
                Row.of("_web._tcp.dc2.mesh", Type.SRV, "0 SRV 1 1 90 far.node.dc2.mesh.")
                        .with("far.node.dc2.mesh. 0 A 10.9.0.1"),
                Row.of("own.service.mesh", Type.SRV, "0 SRV 1 1 99 c0000205.addr.dc1.mesh.")
                        .with("c0000205.addr.dc1.mesh. 0 A 192.0.2.5"),
                Row.of("v6.service.mesh", Type.SRV, "0 SRV 1 1 6 six.node.dc1.mesh.")
                        .with("six.node.dc1.mesh. 0 AAAA fd00:0:0:0:0:0:0:7"),
                Row.of("hosted.service.mesh", Type.SRV, "0 SRV 1 1 5432 db.example.com."),
                Row.no(NO_NAME, "_web._udp.service.mesh", Type.SRV),
                Row.no(NO_NAME, "_sick._tcp.service.mesh", Type.SRV));
    }

    static Stream<Row> hosts_and_addresses() {
        return Stream.of(
                Row.of("db-1.node.mesh", Type.A, "0 A 10.0.0.7"),
                Row.of("app-1.node.dc1.consul", Type.A, "0 A 10.0.0.8"),
                Row.of("down.node.mesh", Type.A, "0 A 10.0.0.9"),
                Row.of("a.dotted.node.mesh", Type.A, "0 A 10.0.0.10"),
                Row.of("far.node.dc2.mesh", Type.A, "0 A 10.9.0.1"),
                Row.of("six.node.mesh", Type.AAAA, "0 AAAA fd00:0:0:0:0:0:0:7"),
                Row.of("db-1.node.mesh", Type.TXT, "0 TXT a`=b``c=d", "0 TXT plain", "0 TXT rack=r1"),
                Row.of("db-1.node.mesh", Type.ANY, "0 A 10.0.0.7", "0 TXT a`=b``c=d", "0 TXT plain", "0 TXT rack=r1"),
                Row.no(NO_DATA, "db-1.node.mesh", Type.AAAA),
                Row.no(NO_DATA, "app-1.node.mesh", Type.TXT),
                Row.no(NO_DATA, "db-1.node.mesh", Type.SRV),
                Row.no(NO_NAME, "far.node.mesh", Type.A),
                Row.no(NO_NAME, "nobody.node.mesh", Type.A),
                Row.of("0a000007.addr.mesh", Type.A, "0 A 10.0.0.7"),
                Row.of("C0000205.addr.dc1.mesh", Type.A, "0 A 192.0.2.5"),
                Row.of("0a000007.addr.dc2.mesh", Type.A, "0 A 10.0.0.7"),
                Row.of("10-0-0-7.addr.mesh", Type.A, "0 A 10.0.0.7"),
                Row.of("fd00--7.addr.mesh", Type.AAAA, "0 AAAA fd00:0:0:0:0:0:0:7"),
                Row.of("fd000000000000000000000000000007.addr.mesh", Type.AAAA, "0 AAAA fd00:0:0:0:0:0:0:7"),
                Row.no(NO_DATA, "0a000007.addr.mesh", Type.AAAA),
                Row.no(NO_DATA, "0a0007.addr.mesh", Type.A),
                Row.no(NO_NAME, "0a00000z.addr.mesh", Type.A),
                Row.no(NO_NAME, "10-0-0-700.addr.mesh", Type.A),
                Row.no(NO_NAME, "0a000007.addr.dc3.mesh", Type.A),
                Row.no(NO_NAME, "1.0a000007.addr.mesh", Type.A));
    }

    static Stream<Row> the_zone_itself() {
        String soa = "0 SOA ns.mesh. hostmaster.mesh. 1800000000 3600 600 86400 0";
        String ns = "0 NS db-1.node.dc1.mesh.";
        return Stream.of(
                Row.of("mesh", Type.SOA, soa),
                Row.of("mesh", Type.NS, ns).with("db-1.node.dc1.mesh. 0 A 10.0.0.7"),
                Row.of("mesh", Type.ANY, ns, soa).with("db-1.node.dc1.mesh. 0 A 10.0.0.7"),
                Row.of("ns.mesh", Type.A, "0 A 10.0.0.7"),
                Row.no(NO_DATA, "mesh", Type.A),
                // names below which names exist (RFC 8020)
                Row.no(NO_DATA, "service.mesh", Type.A),
                Row.no(NO_DATA, "node.mesh", Type.A),
                Row.no(NO_DATA, "dc1.mesh", Type.A),
                Row.no(NO_DATA, "service.dc1.mesh", Type.A),
                Row.no(NO_DATA, "_tcp.service.mesh", Type.A),
                Row.no(NO_DATA, "_tcp.mesh", Type.A));
    }

    static Stream<Row> reverse() {
        return Stream.of(
                Row.of("7.0.0.10.in-addr.arpa", Type.PTR, "0 PTR db-1.node.dc1.mesh."),
                Row.of("1.0.9.10.IN-ADDR.arpa", Type.PTR, "0 PTR far.node.dc2.mesh."),
                Row.of(
                        "7.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.d.f.ip6.arpa",
                        Type.PTR,
                        "0 PTR six.node.dc1.mesh."),
                Row.of("$reverse-mysql", Type.PTR, "0 PTR mysql.mesh."),
                Row.of("$reverse-gone", Type.PTR, "0 PTR gone.mesh."),
                Row.no(NO_DATA, "$reverse-mysql", Type.A),
                Row.no(NO_NAME, "9.9.99.127.in-addr.arpa", Type.PTR),
                Row.no("REFUSED", "9.9.9.9.in-addr.arpa", Type.PTR),
                Row.no("REFUSED", "0.10.in-addr.arpa", Type.PTR),
                Row.no("REFUSED", "300.0.0.10.in-addr.arpa", Type.PTR));
    }

    static Stream<Row> others() {
        return Stream.of(
                Row.no("REFUSED", "example.com", Type.A),
                Row.no("REFUSED", ".", Type.NS),
                Row.no("REFUSED", "notmesh", Type.A),
                Row.no("REFUSED", "web.mesh.corp.example", Type.A),
                Row.no("NOTIMP", "mesh", Type.AXFR),
                Row.no("NOTIMP", "mesh", Type.IXFR),
                Row.no("NOTIMP", "mesh", Type.MAILB),
                Row.no("REFUSED", "example.com", Type.AXFR),
                Row.no("FORMERR", "mesh", 0),
                Row.no("FORMERR", "mesh", Type.OPT));
    }

    @ParameterizedTest
    @MethodSource({
        "addresses_of_the_mesh",
        "addresses_of_instances",
        "locations",
        "hosts_and_addresses",
        "the_zone_itself",
        "reverse",
        "others"
    })
    void every_question_has_its_answer(Row row) {
        byte[] question = Questions.edns(fill(row.name()), row.type(), 1_232);

        Message answer = ask(question, ZoneSettings.DEFAULT);

        boolean noData = row.code().equals(NO_DATA);
        assertThat(Rcode.string(answer.getRcode())).isEqualTo(noData ? ANSWERED : row.code());
        assertThat(Questions.section(answer, Section.ANSWER))
                .isEqualTo(row.answers().stream().map(this::fill).toList());
        assertThat(Questions.section(answer, Section.ADDITIONAL))
                .isEqualTo(row.additional().stream().map(this::fill).toList());
        boolean negative = noData || row.code().equals(NO_NAME);
        assertThat(answer.getSection(Section.AUTHORITY))
                .hasSize(negative ? 1 : 0)
                .allMatch(record -> record.getType() == Type.SOA)
                .allMatch(record -> answer.getQuestion().getName().subdomain(record.getName()));
        assertThat(answer.getHeader().getFlag(Flags.AA))
                .isEqualTo(negative || row.code().equals(ANSWERED));
        assertThat(answer.getHeader().getFlag(Flags.RA)).isFalse();
        assertThat(answer.getHeader().getFlag(Flags.TC)).isFalse();
        assertThat(answer.getHeader().getFlag(Flags.RD)).isTrue();
    }

    @Test
    void only_passing_leaves_out_warnings() {
        ZoneSettings strict = new ZoneSettings(
                List.of("mesh"), "dc1", true, ZoneSettings.Ttls.DEFAULT, ZoneSettings.Limits.NONE, false, false);

        assertThat(Questions.section(ask(Questions.plain("web.service.mesh", Type.A), strict), Section.ANSWER))
                .containsExactly("0 A 10.0.0.7");
    }

    @Test
    void times_to_live_are_those_of_the_settings() {
        ZoneSettings.Ttls ttls = new ZoneSettings.Ttls(
                Duration.ofSeconds(5),
                Duration.ofSeconds(6),
                Map.of(
                        "web",
                        Duration.ofSeconds(7),
                        "my*",
                        Duration.ofSeconds(8),
                        "m*",
                        Duration.ofSeconds(1),
                        "*",
                        Duration.ofSeconds(9)),
                Duration.ofSeconds(10),
                Duration.ofSeconds(11),
                Duration.ofSeconds(12),
                Duration.ofSeconds(13));
        ZoneSettings set =
                new ZoneSettings(List.of("mesh"), "dc1", false, ttls, ZoneSettings.Limits.NONE, false, false);

        assertThat(answers("mysql.mesh", Type.A, set)).containsExactly("5 A " + mesh.loopback("mysql"));
        assertThat(answers("db-1.node.mesh", Type.A, set)).containsExactly("6 A 10.0.0.7");
        assertThat(answers("v1.web.service.mesh", Type.A, set)).containsExactly("7 A 10.0.0.7");
        assertThat(answers("primary.mysql.service.mesh", Type.A, set)).containsExactly("8 A 10.0.0.7");
        assertThat(answers("own.service.mesh", Type.A, set)).containsExactly("9 A 192.0.2.5");
        assertThat(Questions.section(ask(Questions.plain("no.mesh", Type.A), set), Section.AUTHORITY))
                .containsExactly("mesh. 10 SOA ns.mesh. hostmaster.mesh. 1800000000 11 12 13 10");
    }

    @Test
    void any_can_be_refused_the_way_of_rfc_8482() {
        ZoneSettings minimal = new ZoneSettings(
                List.of("mesh"), "dc1", false, ZoneSettings.Ttls.DEFAULT, ZoneSettings.Limits.NONE, true, false);

        assertThat(answers("mysql.mesh", Type.ANY, minimal)).containsExactly("0 HINFO \"RFC8482\" \"\"");
        assertThat(ask(Questions.plain("no.mesh", Type.ANY), minimal).getRcode())
                .isEqualTo(Rcode.NXDOMAIN);
    }

    @Test
    void limits_give_a_sample_without_truncation() {
        ZoneSettings limited = new ZoneSettings(
                List.of("mesh"), "dc1", false, ZoneSettings.Ttls.DEFAULT, new ZoneSettings.Limits(0, 1), false, false);

        assertThat(answers("web.service.mesh", Type.SRV, limited)).hasSize(1);
        assertThat(answers("web.service.mesh", Type.A, limited)).hasSize(1);
        assertThat(Questions.section(ask(Questions.edns("web.service.mesh", Type.A, 512), limited), Section.ANSWER))
                .hasSize(2);
    }

    @Test
    void a_service_that_has_no_loopback_address_yet_is_a_failure_for_now_and_no_missing_name() {
        View early = new View(mesh.catalog().current(), LoopbackTable.empty(LoopbackPool.DEFAULT), SampleMesh.NOW);
        AnswerBuffer out = new AnswerBuffer();
        byte[] question = Questions.plain("mysql.mesh", Type.A);
        Responder responder = new Responder(ZoneSettings.DEFAULT, new SplittableRandom(1));

        assertThat(responder.respond(question, question.length, Transport.TCP, early, out))
                .isEqualTo(Outcome.ANSWERED);
        assertThat(Questions.decode(out).getRcode()).isEqualTo(Rcode.SERVFAIL);
        // and it is not remembered
        responder.respond(question, question.length, Transport.TCP, mesh.view(), out);
        assertThat(Questions.decode(out).getRcode()).isEqualTo(Rcode.NOERROR);
    }

    private List<String> answers(String name, int type, ZoneSettings settings) {
        return Questions.section(ask(Questions.plain(name, type), settings), Section.ANSWER);
    }

    private Message ask(byte[] question, ZoneSettings settings) {
        AnswerBuffer out = new AnswerBuffer();
        Outcome outcome = new Responder(settings, new SplittableRandom(1))
                .respond(question, question.length, Transport.UDP_REMOTE, mesh.view(), out);
        assertThat(outcome).isEqualTo(Outcome.ANSWERED);
        Message answer = Questions.decode(out);
        assertThat(answer.getHeader().getID()).isEqualTo(Questions.ID);
        assertThat(answer.getHeader().getFlag(Flags.QR)).isTrue();
        int end = WireFormat.questionEnd(question, question.length);
        assertThat(Arrays.copyOfRange(out.bytes(), WireFormat.HEADER_BYTES, end))
                .as("the question's own spelling")
                .isEqualTo(Arrays.copyOfRange(question, WireFormat.HEADER_BYTES, end));
        return answer;
    }

    /** Puts loopback addresses, which are hashes, into rows. */
    private String fill(String text) {
        String filled = text;
        for (String name : List.of("mysql", "sick", "gone")) {
            String[] parts = mesh.loopback(name).split("\\.");
            filled = filled.replace(
                            "$reverse-" + name,
                            parts[3] + "." + parts[2] + "." + parts[1] + "." + parts[0] + ".in-addr.arpa")
                    .replace("$" + name, mesh.loopback(name));
        }
        return filled;
    }
}
