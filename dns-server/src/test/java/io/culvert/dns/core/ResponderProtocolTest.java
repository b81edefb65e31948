package io.culvert.dns.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.culvert.catalog.ServiceInstance;
import io.culvert.catalog.Weights;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/** Headers, EDNS, sizes: what RFC 1035, 3597, 6891, 8482 and 9619 ask of a server. */
class ResponderProtocolTest {
    private final SampleMesh mesh = new SampleMesh();
    private final AnswerBuffer out = new AnswerBuffer();
    private final Responder responder = new Responder(ZoneSettings.DEFAULT, new SplittableRandom(1));

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 11})
    void what_is_shorter_than_a_header_gets_no_answer(int length) {
        assertThat(respond(new byte[length], Transport.UDP_LOCAL)).isEqualTo(Outcome.SILENT);
        assertThat(out.length()).isZero();
    }

    @Test
    void a_response_gets_no_answer() {
        byte[] response = Questions.plain("mysql.mesh", Type.A);
        response[2] |= (byte) 0x80;

        assertThat(respond(response, Transport.UDP_LOCAL)).isEqualTo(Outcome.SILENT);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4, 5, 6, 15})
    void other_opcodes_are_not_implemented(int opcode) {
        byte[] question = Questions.message(opcode << 11 | Questions.RD, "mysql.mesh", Type.A, 1, -1, 0, new byte[0]);

        Message answer = ask(question);

        assertThat(answer.getRcode()).isEqualTo(Rcode.NOTIMP);
        assertThat(answer.getHeader().getOpcode()).isEqualTo(opcode);
        assertThat(answer.getHeader().getFlag(Flags.QR)).isTrue();
    }

    @Test
    void a_header_alone_is_a_format_error() {
        byte[] header = Arrays.copyOf(Questions.plain("mysql.mesh", Type.A), 12);

        Message answer = ask(header);

        assertThat(answer.getRcode()).isEqualTo(Rcode.FORMERR);
        assertThat(out.length()).isEqualTo(12);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2, 65_535})
    void any_number_of_questions_but_one_is_a_format_error(int count) {
        byte[] question = Questions.plain("mysql.mesh", Type.A);
        question[4] = (byte) (count >>> 8);
        question[5] = (byte) count;

        assertThat(ask(question).getRcode()).isEqualTo(Rcode.FORMERR);
    }

    @Test
    void a_cut_question_is_a_format_error_at_every_byte() {
        byte[] question = Questions.edns("mysql.mesh", Type.A, 1_232);
        for (int length = 12; length < question.length; length++) {
            assertThat(ask(Arrays.copyOf(question, length)).getRcode())
                    .as("%s bytes", length)
                    .isEqualTo(Rcode.FORMERR);
        }
    }

    @Test
    void bytes_behind_the_message_are_a_format_error() {
        byte[] question = Questions.plain("mysql.mesh", Type.A);

        assertThat(ask(Arrays.copyOf(question, question.length + 1)).getRcode()).isEqualTo(Rcode.FORMERR);
    }

    @Test
    void a_compressed_question_is_a_format_error() {
        byte[] question = Questions.plain("abc.mesh", Type.A);
        question[12] = (byte) 0xc0;
        question[13] = 12;

        assertThat(ask(question).getRcode()).isEqualTo(Rcode.FORMERR);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 4, 254, 4711})
    void other_classes_are_refused(int dclass) {
        Message answer = ask(Questions.message(0, "mysql.mesh", Type.A, dclass, -1, 0, new byte[0]));

        assertThat(answer.getRcode()).isEqualTo(Rcode.REFUSED);
        assertThat(answer.getHeader().getFlag(Flags.RD)).isFalse();
    }

    @Test
    void any_class_is_answered_as_in() {
        assertThat(Questions.section(
                        ask(Questions.message(0, "db-1.node.mesh", Type.A, 255, -1, 0, new byte[0])), Section.ANSWER))
                .containsExactly("0 A 10.0.0.7");
    }

    @Test
    void edns_is_answered_with_edns_and_echoes_do() {
        OPTRecord opt = ask(Questions.message(0, "mysql.mesh", Type.A, 1, 4_096, 0x8000, new byte[0]))
                .getOPT();

        assertThat(opt.getPayloadSize()).isEqualTo(1_232);
        assertThat(opt.getVersion()).isZero();
        assertThat(opt.getFlags()).isEqualTo(0x8000);
        assertThat(ask(Questions.plain("mysql.mesh", Type.A)).getOPT()).isNull();
    }

    @Test
    void edns_of_a_later_version_is_answered_with_the_version_known() {
        Message answer = ask(Questions.message(0, "mysql.mesh", Type.A, 1, 4_096, 1 << 16, new byte[0]));

        assertThat(answer.getRcode()).isEqualTo(Rcode.BADVERS);
        assertThat(answer.getOPT().getVersion()).isZero();
        assertThat(answer.getSection(Section.ANSWER)).isEmpty();
    }

    @Test
    void unknown_and_harmless_options_do_not_matter() {
        byte[] cookieAndUnknown = {0, 10, 0, 8, 1, 2, 3, 4, 5, 6, 7, 8, (byte) 0xfd, (byte) 0xe9, 0, 1, 9};

        assertThat(ask(Questions.message(0, "mysql.mesh", Type.A, 1, 512, 0, cookieAndUnknown))
                        .getRcode())
                .isEqualTo(Rcode.NOERROR);
    }

    @Test
    void a_cookie_of_a_wrong_length_is_a_format_error() {
        byte[] cookie = {0, 10, 0, 2, 1, 2};

        assertThat(ask(Questions.message(0, "mysql.mesh", Type.A, 1, 512, 0, cookie))
                        .getRcode())
                .isEqualTo(Rcode.FORMERR);
    }

    @Test
    void two_opt_records_are_a_format_error() {
        byte[] question = Questions.edns("mysql.mesh", Type.A, 512);
        byte[] twice = Arrays.copyOf(question, question.length + WireFormat.OPT_BYTES);
        System.arraycopy(
                question, question.length - WireFormat.OPT_BYTES, twice, question.length, WireFormat.OPT_BYTES);
        twice[11] = 2;

        assertThat(ask(twice).getRcode()).isEqualTo(Rcode.FORMERR);
    }

    @Test
    void a_long_answer_is_cut_with_tc_over_udp_and_whole_over_tcp() {
        manyInstances(300);
        byte[] question = Questions.plain("many.service.mesh", Type.A);

        Message cut = ask(question, Transport.UDP_LOCAL);
        assertThat(out.length()).isBetween(480, 512);
        assertThat(cut.getHeader().getFlag(Flags.TC)).isTrue();
        assertThat(cut.getSection(Section.ANSWER)).hasSizeGreaterThan(25);

        Message whole = ask(question, Transport.TCP);
        assertThat(whole.getHeader().getFlag(Flags.TC)).isFalse();
        assertThat(new HashSet<>(Questions.section(whole, Section.ANSWER))).hasSize(300);
    }

    @Test
    void a_location_never_comes_without_its_address() {
        manyInstances(300);

        Message cut = ask(Questions.edns("many.service.mesh", Type.SRV, 4_096), Transport.UDP_LOCAL);

        assertThat(out.length()).isBetween(3_900, 4_096);
        assertThat(cut.getHeader().getFlag(Flags.TC)).isTrue();
        Set<String> targets = new HashSet<>();
        cut.getSection(Section.ADDITIONAL)
                .forEach(record -> targets.add(record.getName().toString()));
        assertThat(cut.getSection(Section.ANSWER))
                .hasSizeGreaterThan(40)
                .allMatch(record -> targets.contains(
                        ((org.xbill.DNS.SRVRecord) record).getTarget().toString()));
    }

    @Test
    void the_most_that_tcp_carries_is_not_exceeded() {
        manyInstances(6_000);

        assertThat(ask(Questions.plain("many.service.mesh", Type.A), Transport.TCP)
                        .getSection(Section.ANSWER))
                .hasSizeGreaterThan(4_000);
        assertThat(ask(Questions.plain("many.service.mesh", Type.SRV), Transport.TCP)
                        .getSection(Section.ANSWER))
                .hasSizeGreaterThan(700);
    }

    @Test
    void other_hosts_get_no_more_than_passes_every_path() {
        manyInstances(300);

        assertThat(ask(Questions.edns("many.service.mesh", Type.A, 8_192), Transport.UDP_REMOTE)
                        .getHeader()
                        .getFlag(Flags.TC))
                .isTrue();
        assertThat(out.length()).isBetween(1_200, 1_232);
    }

    @Test
    void answers_come_in_every_order() {
        Set<List<String>> orders = new HashSet<>();
        for (int i = 0; i < 200; i++) {
            List<String> order = new ArrayList<>();
            ask(Questions.plain("mysql.service.mesh", Type.A))
                    .getSection(Section.ANSWER)
                    .forEach(record -> order.add(record.rdataToString()));
            orders.add(order);
        }
        assertThat(orders).hasSize(2);
    }

    @Test
    void a_name_of_another_zone_is_forwarded_when_the_client_and_the_settings_want_it() {
        Responder recursive = new Responder(ZoneSettings.DEFAULT.withRecursion(true), new SplittableRandom(1));
        byte[] wanted = Questions.plain("example.com", Type.A);
        byte[] unwanted = Questions.message(0, "example.com", Type.A, 1, -1, 0, new byte[0]);

        assertThat(recursive.respond(wanted, wanted.length, Transport.UDP_LOCAL, mesh.view(), out))
                .isEqualTo(Outcome.FORWARD);
        assertThat(recursive.respond(unwanted, unwanted.length, Transport.UDP_LOCAL, mesh.view(), out))
                .isEqualTo(Outcome.ANSWERED);
        Message refused = Questions.decode(out);
        assertThat(refused.getRcode()).isEqualTo(Rcode.REFUSED);
        assertThat(refused.getHeader().getFlag(Flags.RA)).isTrue();
        recursive.serverFailure(wanted, wanted.length, out);
        assertThat(Questions.decode(out).getRcode()).isEqualTo(Rcode.SERVFAIL);
    }

    @Test
    void a_change_is_in_the_next_answer() {
        byte[] question = Questions.plain("late.mesh", Type.A);
        assertThat(ask(question).getRcode()).isEqualTo(Rcode.NXDOMAIN);

        mesh.host(
                20, "late-1", "10.0.1.1", "dc1", false, List.of(service("late").withMesh()), List.of());
        assertThat(Questions.section(ask(question), Section.ANSWER)).containsExactly("0 A " + mesh.loopback("late"));

        mesh.host(20, "late-1", "10.0.1.1", "dc1", false, List.of(), List.of());
        assertThat(ask(question).getRcode()).isEqualTo(Rcode.NXDOMAIN);
    }

    @Test
    void with_5_000_services_a_change_is_in_the_next_answer_and_nothing_else_changes() {
        for (int i = 0; i < 5_000; i++) {
            mesh.host(
                    1_000 + i,
                    "n" + i,
                    "10.1." + i / 250 + "." + i % 250,
                    "dc1",
                    false,
                    List.of(service("svc" + i)),
                    List.of());
        }
        for (int i = 0; i < 5_000; i += 7) {
            String name = "svc" + i + ".service.mesh";
            assertThat(Questions.section(ask(Questions.plain(name, Type.A)), Section.ANSWER))
                    .containsExactly("0 A 10.1." + i / 250 + "." + i % 250);
            mesh.host(
                    1_000 + i,
                    "n" + i,
                    "10.2." + i / 250 + "." + i % 250,
                    "dc1",
                    false,
                    List.of(service("svc" + i)),
                    List.of());
            assertThat(Questions.section(ask(Questions.plain(name, Type.A)), Section.ANSWER))
                    .containsExactly("0 A 10.2." + i / 250 + "." + i % 250);
        }
        assertThat(Questions.section(ask(Questions.plain("svc1.service.mesh", Type.A)), Section.ANSWER))
                .containsExactly("0 A 10.1.0.1");
    }

    private static ServiceInstance service(String name) {
        return SampleMesh.instance(name, name, 80, "", List.of(), Weights.DEFAULT);
    }

    private void manyInstances(int count) {
        for (int i = 0; i < count; i++) {
            mesh.host(
                    1_000 + i,
                    "many-" + i,
                    "10.1." + i / 250 + "." + i % 250,
                    "dc1",
                    false,
                    List.of(service("many")),
                    List.of());
        }
    }

    private Outcome respond(byte[] question, Transport transport) {
        return responder.respond(question, question.length, transport, mesh.view(), out);
    }

    private Message ask(byte[] question) {
        return ask(question, Transport.UDP_LOCAL);
    }

    private Message ask(byte[] question, Transport transport) {
        assertThat(respond(question, transport)).isEqualTo(Outcome.ANSWERED);
        Message answer = Questions.decode(out);
        assertThat(answer.getHeader().getID()).isEqualTo(Questions.ID);
        return answer;
    }
}
