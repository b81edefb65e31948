package io.culvert.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.culvert.catalog.Weights;
import io.culvert.dns.DnsListener.DropReason;
import io.culvert.dns.core.Questions;
import io.culvert.dns.core.SampleMesh;
import io.culvert.dns.core.Transport;
import io.culvert.dns.core.ZoneSettings;
import io.culvert.testbed.kit.Property;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.Type;

/** Real sockets on loopback. */
class DnsServerTest {
    private static final byte[] MYSQL = Questions.plain("mysql.mesh", Type.A);

    @Test
    void questions_are_answered_over_udp_and_tcp() throws IOException {
        try (RunningServer running = RunningServer.start(RunningServer.settings(RunningServer.PATIENT))) {
            String expected = "0 A " + running.mesh().loopback("mysql");

            assertThat(Questions.section(RawClient.udp(running.address(), MYSQL), Section.ANSWER))
                    .containsExactly(expected);
            assertThat(Questions.section(RawClient.tcp(running.address(), MYSQL), Section.ANSWER))
                    .containsExactly(expected);
            assertThat(running.count(Transport.UDP_LOCAL)).isEqualTo(1);
            assertThat(running.count(Transport.TCP)).isEqualTo(1);
        }
    }

    @Test
    void questions_are_answered_without_epoll_too() throws IOException {
        try (RunningServer running = RunningServer.startWithoutEpoll(RunningServer.settings(RunningServer.PATIENT))) {
            assertThat(RawClient.udp(running.address(), MYSQL).getRcode()).isEqualTo(Rcode.NOERROR);
            assertThat(RawClient.tcp(running.address(), MYSQL).getRcode()).isEqualTo(Rcode.NOERROR);
        }
    }

    @Test
    void a_resolver_of_dnsjava_understands_the_answers() throws IOException {
        try (RunningServer running = RunningServer.start(RunningServer.settings(RunningServer.PATIENT))) {
            for (boolean tcp : new boolean[] {false, true}) {
                SimpleResolver resolver = new SimpleResolver(running.address());
                resolver.setTCP(tcp);
                Record question = Record.newRecord(Name.fromString("web.service.consul."), Type.SRV, DClass.IN);

                Message answer = resolver.send(Message.newQuery(question));

                assertThat(answer.getRcode()).isEqualTo(Rcode.NOERROR);
                assertThat(answer.getSection(Section.ANSWER)).hasSize(2);
                assertThat(Questions.section(answer, Section.ADDITIONAL)).hasSize(2);
            }
        }
    }

    @Test
    void a_burst_of_datagrams_is_answered_one_by_one() throws IOException {
        try (RunningServer running = RunningServer.start(RunningServer.settings(RunningServer.PATIENT));
                DatagramSocket socket = new DatagramSocket()) {
            socket.setSoTimeout(RawClient.PATIENCE_MILLIS);
            socket.connect(running.address());
            for (int id = 0; id < 150; id++) {
                byte[] question = RawClient.question("mysql.mesh", Type.A, id);
                socket.send(new DatagramPacket(question, question.length));
            }
            Set<Integer> ids = new HashSet<>();
            for (int i = 0; i < 150; i++) {
                ids.add(RawClient.receive(socket).getHeader().getID());
            }
            assertThat(ids).hasSize(150);
        }
    }

    @Test
    void a_change_of_the_catalogue_is_in_the_next_answer() throws IOException {
        try (RunningServer running = RunningServer.start(RunningServer.settings(RunningServer.PATIENT))) {
            byte[] question = Questions.plain("late.service.mesh", Type.A);
            assertThat(RawClient.udp(running.address(), question).getRcode()).isEqualTo(Rcode.NXDOMAIN);

            running.mesh()
                    .host(
                            30,
                            "late",
                            "10.0.3.3",
                            "dc1",
                            false,
                            List.of(SampleMesh.instance("late", "late", 1, "", List.of(), Weights.DEFAULT)),
                            List.of());

            assertThat(Questions.section(RawClient.udp(running.address(), question), Section.ANSWER))
                    .containsExactly("0 A 10.0.3.3");
        }
    }

    @Test
    void pipelined_questions_are_all_answered_in_order_to_a_client_that_reads_late() throws IOException {
        try (RunningServer running = RunningServer.start(RunningServer.settings(RunningServer.PATIENT));
                Socket socket = RawClient.connect(running.address())) {
            int count = 40_000; // answers fill every buffer on the way long before the first is read
            Thread writer = new Thread(() -> writeAll(socket, count));
            writer.start();
            await().until(() -> running.count(Transport.TCP) > 1_000);
            for (int id = 0; id < count; id++) {
                byte[] answer = RawClient.readBytes(socket);
                assertThat((answer[0] & 0xff) << 8 | answer[1] & 0xff).isEqualTo(id & 0xffff);
            }
            assertThat(running.count(Transport.TCP)).isEqualTo(count);
        }
    }

    private static void writeAll(Socket socket, int count) {
        try {
            List<byte[]> questions = new ArrayList<>();
            for (int id = 0; id < count; id++) {
                questions.add(RawClient.question("web.service.mesh", Type.SRV, id));
            }
            socket.getOutputStream().write(RawClient.framed(questions));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void a_question_may_come_byte_by_byte() throws IOException {
        try (RunningServer running = RunningServer.start(RunningServer.settings(RunningServer.PATIENT));
                Socket socket = RawClient.connect(running.address())) {
            socket.setTcpNoDelay(true);
            for (byte each : RawClient.framed(List.of(MYSQL, MYSQL))) {
                socket.getOutputStream().write(each);
            }
            assertThat(RawClient.read(socket).getRcode()).isEqualTo(Rcode.NOERROR);
            assertThat(RawClient.read(socket).getRcode()).isEqualTo(Rcode.NOERROR);
        }
    }

    @Test
    void random_bytes_harm_nobody() throws IOException {
        try (RunningServer running = RunningServer.start(RunningServer.settings(RunningServer.PATIENT));
                DatagramSocket socket = new DatagramSocket()) {
            socket.connect(running.address());
            Property.forSeeds(200, random -> {
                try (Socket stream = RawClient.connect(running.address())) {
                    byte[] bytes = Property.bytes(random, random.nextInt(1_200));
                    socket.send(new DatagramPacket(bytes, bytes.length));
                    stream.getOutputStream().write(bytes);
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            });
            assertThat(RawClient.udp(running.address(), MYSQL).getRcode()).isEqualTo(Rcode.NOERROR);
            assertThat(RawClient.tcp(running.address(), MYSQL).getRcode()).isEqualTo(Rcode.NOERROR);
            assertThat(running.count(DropReason.NOT_A_QUESTION)).isPositive();
        }
    }

    @Test
    void who_does_not_speak_dns_is_hung_up_on() throws IOException {
        try (RunningServer running = RunningServer.start(RunningServer.settings(RunningServer.PATIENT));
                Socket socket = RawClient.connect(running.address())) {
            socket.getOutputStream().write(new byte[] {0, 3, 1, 2, 3});

            assertThat(socket.getInputStream().read()).isEqualTo(-1);
            assertThat(running.count(DropReason.NOT_A_QUESTION)).isEqualTo(1);
        }
    }

    @Test
    void beyond_the_bound_the_connection_that_asked_least_lately_is_closed() throws IOException {
        try (RunningServer running = RunningServer.start(RunningServer.settings(new DnsSettings.Limits(
                        3, RunningServer.PATIENT.idle(), 4, RunningServer.PATIENT.recursorTimeout())));
                Socket first = RawClient.connect(running.address());
                Socket second = RawClient.connect(running.address());
                Socket third = RawClient.connect(running.address())) {
            for (Socket socket : List.of(second, third, first)) {
                RawClient.write(socket, MYSQL);
                assertThat(RawClient.read(socket).getRcode()).isEqualTo(Rcode.NOERROR);
            }
            try (Socket fourth = RawClient.connect(running.address())) {
                RawClient.write(fourth, MYSQL);
                assertThat(RawClient.read(fourth).getRcode()).isEqualTo(Rcode.NOERROR);
                assertThat(second.getInputStream().read()).isEqualTo(-1);
                RawClient.write(first, MYSQL);
                assertThat(RawClient.read(first).getRcode()).isEqualTo(Rcode.NOERROR);
                assertThat(running.count(DropReason.CONNECTION_LIMIT)).isEqualTo(1);
            }
        }
    }

    @Test
    void a_silent_connection_is_closed() throws IOException {
        try (RunningServer running = RunningServer.start(RunningServer.settings(RunningServer.LIMITS));
                Socket socket = RawClient.connect(running.address())) {
            socket.getOutputStream().write(0);

            assertThat(socket.getInputStream().read()).isEqualTo(-1);
            assertThat(running.count(DropReason.CONNECTION_IDLE)).isEqualTo(1);
        }
    }

    @Test
    void a_required_address_that_is_taken_is_an_error_that_says_so() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, new InetSocketAddress("127.0.0.1", 0).getAddress())) {
            DnsSettings settings =
                    settings(new DnsSettings.Bind((InetSocketAddress) taken.getLocalSocketAddress(), true));

            assertThatThrownBy(() -> RunningServer.start(settings).close())
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("127.0.0.1:" + taken.getLocalPort())
                    .hasMessageContaining("(tcp)")
                    .hasMessageContaining("another program listens there");
        }
    }

    @Test
    void an_optional_address_that_is_taken_is_a_state_and_the_others_work() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, new InetSocketAddress("127.0.0.1", 0).getAddress())) {
            DnsSettings settings = settings(
                    new DnsSettings.Bind(new InetSocketAddress("127.0.0.1", 0), true),
                    new DnsSettings.Bind((InetSocketAddress) taken.getLocalSocketAddress(), false));
            try (RunningServer running = RunningServer.start(settings)) {
                assertThat(RawClient.udp(running.address(), MYSQL).getRcode()).isEqualTo(Rcode.NOERROR);
                DnsStatus.Socket failed = running.server().status().sockets().get(1);
                assertThat(failed.listening()).isFalse();
                assertThat(failed.problem()).contains("stop it or choose another port");
            }
        }
    }

    @Test
    void after_close_nobody_listens_and_a_second_close_does_nothing() throws IOException {
        RunningServer running = RunningServer.start(RunningServer.settings(RunningServer.PATIENT));
        InetSocketAddress address = running.address();
        running.server().close();
        running.close();

        assertThat(running.server().status().sockets()).noneMatch(DnsStatus.Socket::listening);
        assertThatThrownBy(() -> RawClient.connect(address).close()).isInstanceOf(IOException.class);
    }

    private static DnsSettings settings(DnsSettings.Bind... binds) {
        return new DnsSettings(ZoneSettings.DEFAULT, List.of(binds), List.of(), RunningServer.PATIENT);
    }
}
