package io.culvert.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.culvert.dns.DnsListener.ForwardResult;
import io.culvert.dns.core.Questions;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/** Other zones are the recursors' business. */
class ForwarderTest {
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();
    private static final byte[] QUESTION = Questions.plain("ExamPle.com", Type.A);

    /** A recursor that does as it is told with every question, on UDP and TCP of one port. */
    private static final class ScriptedRecursor implements AutoCloseable {
        private final ServerSocket tcp;
        private final DatagramSocket udp;
        private final Function<byte[], List<byte[]>> script;

        ScriptedRecursor(Function<byte[], List<byte[]>> script) throws IOException {
            this.script = script;
            this.tcp = new ServerSocket(0, 50, LOOPBACK);
            this.udp = new DatagramSocket(tcp.getLocalPort(), LOOPBACK);
            thread(this::serveUdp);
            thread(this::serveTcp);
        }

        private static void thread(Runnable work) {
            Thread thread = new Thread(work, "scripted recursor");
            thread.setDaemon(true);
            thread.start();
        }

        private void serveUdp() {
            try {
                while (true) {
                    DatagramPacket packet = new DatagramPacket(new byte[4_096], 4_096);
                    udp.receive(packet);
                    for (byte[] answer : script.apply(Arrays.copyOf(packet.getData(), packet.getLength()))) {
                        udp.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
                    }
                }
            } catch (IOException e) {
                assertThat(udp.isClosed()).as("closed by the test: %s", e).isTrue();
            }
        }

        private void serveTcp() {
            try {
                while (true) {
                    try (Socket client = tcp.accept()) {
                        for (byte[] answer : script.apply(RawClient.readBytes(client))) {
                            RawClient.write(client, answer);
                        }
                    }
                }
            } catch (IOException e) {
                assertThat(tcp.isClosed()).as("closed by the test: %s", e).isTrue();
            }
        }

        InetSocketAddress address() {
            return new InetSocketAddress(LOOPBACK, udp.getLocalPort());
        }

        @Override
        public void close() throws IOException {
            udp.close();
            tcp.close();
        }
    }

    private static byte[] answer(byte[] question, int rcode, String address) {
        try {
            Message reply = new Message(question).clone();
            reply.getHeader().setFlag(Flags.QR);
            reply.getHeader().setRcode(rcode);
            if (rcode == Rcode.NOERROR) {
                reply.addRecord(
                        Record.fromString(
                                reply.getQuestion().getName(),
                                Type.A,
                                1,
                                60,
                                address,
                                reply.getQuestion().getName()),
                        Section.ANSWER);
            }
            return reply.toWire();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static RunningServer with(ScriptedRecursor... recursors) throws IOException {
        return RunningServer.start(RunningServer.settings(
                RunningServer.LIMITS,
                Arrays.stream(recursors).map(ScriptedRecursor::address).toArray(InetSocketAddress[]::new)));
    }

    @Test
    void the_recursors_answer_reaches_the_client_as_if_it_had_asked_itself() throws IOException {
        try (ScriptedRecursor good = new ScriptedRecursor(question -> List.of(answer(question, 0, "192.0.2.1")));
                RunningServer running = with(good)) {
            for (Message answer :
                    List.of(RawClient.udp(running.address(), QUESTION), RawClient.tcp(running.address(), QUESTION))) {
                assertThat(answer.getHeader().getID()).isEqualTo(Questions.ID);
                assertThat(answer.getQuestion().getName().toString()).isEqualTo("ExamPle.com.");
                assertThat(Questions.section(answer, Section.ANSWER)).containsExactly("60 A 192.0.2.1");
            }
            assertThat(running.count(ForwardResult.ANSWERED)).isEqualTo(2);
        }
    }

    @Test
    void a_silent_or_failing_recursor_is_passed_over() throws IOException {
        try (ScriptedRecursor silent = new ScriptedRecursor(question -> List.of());
                ScriptedRecursor failing =
                        new ScriptedRecursor(question -> List.of(answer(question, Rcode.SERVFAIL, "")));
                ScriptedRecursor good = new ScriptedRecursor(question -> List.of(answer(question, 0, "192.0.2.2")));
                RunningServer running = with(silent, failing, good)) {
            assertThat(Questions.section(RawClient.udp(running.address(), QUESTION), Section.ANSWER))
                    .containsExactly("60 A 192.0.2.2");
            assertThat(Questions.section(RawClient.tcp(running.address(), QUESTION), Section.ANSWER))
                    .containsExactly("60 A 192.0.2.2");
        }
    }

    @Test
    void what_does_not_answer_the_question_is_passed_over() throws IOException {
        try (ScriptedRecursor forging = new ScriptedRecursor(ForwarderTest::forgeriesAndTheTruth);
                RunningServer running = with(forging)) {
            assertThat(Questions.section(RawClient.udp(running.address(), QUESTION), Section.ANSWER))
                    .containsExactly("60 A 192.0.2.3");
        }
    }

    private static List<byte[]> forgeriesAndTheTruth(byte[] question) {
        List<byte[]> answers = new ArrayList<>();
        answers.add(new byte[0]);
        answers.add(new byte[11]);
        byte[] otherId = answer(question, 0, "6.6.6.6");
        otherId[1] ^= 1;
        answers.add(otherId);
        byte[] otherName = answer(question, 0, "6.6.6.6");
        otherName[14] ^= 1;
        answers.add(otherName);
        byte[] noResponse = answer(question, 0, "6.6.6.6");
        noResponse[2] &= 0x7f;
        answers.add(noResponse);
        answers.add(answer(question, 0, "192.0.2.3"));
        return answers;
    }

    @Test
    void when_all_fail_the_client_hears_a_failure_and_mesh_names_go_on() throws IOException {
        try (ScriptedRecursor silent = new ScriptedRecursor(question -> List.of());
                RunningServer running = with(silent)) {
            Message answer = RawClient.udp(running.address(), QUESTION);

            assertThat(answer.getRcode()).isEqualTo(Rcode.SERVFAIL);
            assertThat(answer.getHeader().getFlag(Flags.RA)).isTrue();
            assertThat(answer.getQuestion().getName().toString()).isEqualTo("ExamPle.com.");
            assertThat(RawClient.tcp(running.address(), QUESTION).getRcode()).isEqualTo(Rcode.SERVFAIL);
            assertThat(running.count(ForwardResult.ALL_FAILED)).isEqualTo(2);
            assertThat(RawClient.udp(running.address(), Questions.plain("mysql.mesh", Type.A))
                            .getRcode())
                    .isEqualTo(Rcode.NOERROR);
        }
    }

    @Test
    void a_recursor_that_refuses_connections_is_no_reason_to_wait() throws IOException {
        InetSocketAddress nobody;
        try (ScriptedRecursor gone = new ScriptedRecursor(question -> List.of())) {
            nobody = gone.address();
        }
        try (RunningServer running = RunningServer.start(RunningServer.settings(DnsSettings.Limits.DEFAULT, nobody))) {
            assertThat(RawClient.udp(running.address(), QUESTION).getRcode()).isEqualTo(Rcode.SERVFAIL);
            assertThat(RawClient.tcp(running.address(), QUESTION).getRcode()).isEqualTo(Rcode.SERVFAIL);
        }
    }

    @Test
    void beyond_the_bound_questions_fail_at_once() throws IOException {
        try (ScriptedRecursor silent = new ScriptedRecursor(question -> List.of());
                RunningServer running = with(silent);
                Socket socket = RawClient.connect(running.address())) {
            List<byte[]> questions = new ArrayList<>();
            for (int id = 0; id < 500; id++) {
                questions.add(RawClient.question("example.com", Type.A, id));
            }
            socket.getOutputStream().write(RawClient.framed(questions));
            for (int i = 0; i < 500; i++) {
                assertThat(RawClient.read(socket).getRcode()).isEqualTo(Rcode.SERVFAIL);
            }
            assertThat(running.count(ForwardResult.OVERLOADED)).isPositive();
            assertThat(running.count(ForwardResult.OVERLOADED) + running.count(ForwardResult.ALL_FAILED))
                    .isEqualTo(500);
        }
    }

    @Test
    void a_server_that_would_ask_itself_is_refused() {
        InetSocketAddress self = new InetSocketAddress("127.0.0.1", 8_600);
        assertThatThrownBy(() -> new DnsSettings(
                        DnsSettings.DEFAULT.zone(),
                        DnsSettings.DEFAULT.binds(),
                        List.of(self),
                        DnsSettings.Limits.DEFAULT))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("is this server itself");
    }
}
