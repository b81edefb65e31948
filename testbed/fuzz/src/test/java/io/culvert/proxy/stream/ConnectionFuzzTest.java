package io.culvert.proxy.stream;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.culvert.proxy.CloseReason;
import io.culvert.proxy.frame.AppTransport;
import io.culvert.proxy.frame.Frame;
import io.culvert.proxy.frame.FrameDecoder;
import io.culvert.proxy.frame.FrameFault;
import io.culvert.proxy.frame.FrameSink;
import io.culvert.proxy.frame.Hello;
import io.culvert.proxy.frame.Id128;
import io.culvert.proxy.frame.Limits;
import io.culvert.proxy.frame.Open;
import io.culvert.proxy.frame.Opened;
import io.culvert.proxy.frame.RefusalCode;
import io.culvert.proxy.frame.Refused;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A peer that sends whatever it likes: the machine never throws, deals with at most one application at a time, tells each
 * stream's end once, and says nothing after it has closed.
 */
class ConnectionFuzzTest {
    private static final Hello HELLO = new Hello(1, 0, 1, Limits.DATA, 0, 0, 0, new Id128(1, 2));

    /** Does what a machine wants, and checks that it makes sense. */
    private static final class Checked implements Effect.Performer, FrameSink {
        final Connection machine;
        final List<Runnable> after = new ArrayList<>();
        boolean app;
        boolean dialing;
        boolean over;
        int begun;
        int ends;
        long now;

        Checked(Connection machine) {
            this.machine = machine;
        }

        void perform(List<Effect> effects) {
            assertThat(over && !effects.isEmpty()).as("speaks after its end").isFalse();
            effects.forEach(effect -> effect.performBy(this));
            while (!after.isEmpty()) {
                after.remove(0).run();
            }
        }

        @Override
        public void frame(Frame frame) {
            now += 1_000_000;
            perform(machine.frame(frame, now));
        }

        @Override
        public void data(int ordinal, ByteBuf bytes) {
            Arrival arrival = machine.dataReceived(ordinal, bytes.readableBytes(), now);
            bytes.release();
            assertThat(arrival == Arrival.DELIVER && !app).isFalse();
            if (arrival == Arrival.FAULT || arrival == Arrival.GIVE_UP) {
                perform(machine.fault());
            }
        }

        @Override
        public void fault(FrameFault fault, String detail) {
            perform(machine.fault());
        }

        @Override
        public void send(Frame frame) {
            assertThat(over).isFalse();
        }

        @Override
        public void dial(Open open) {
            assertThat(app || dialing).isFalse();
            dialing = true;
            begun++;
            after.add(() -> answer(open));
        }

        private void answer(Open open) {
            if (!dialing) {
                return;
            }
            ServerConnection server = (ServerConnection) machine;
            if (open.instanceId().length() % 3 == 1) {
                dialing = false;
                perform(server.appFailed(RefusalCode.CONNECT_REFUSED, "", CloseReason.REFUSED_APP, now));
            } else if (open.instanceId().length() % 3 == 0) {
                dialing = false;
                app = true;
                perform(server.appOpened(AppTransport.TCP, 1));
            }
        }

        @Override
        public void cancelDial() {
            assertThat(dialing).isTrue();
            dialing = false;
        }

        @Override
        public void opened(Opened opened) {
            app = true;
        }

        @Override
        public void refused(Refused refused) {
            ends++;
        }

        @Override
        public void endAppOutput() {
            assertThat(app).isTrue();
        }

        @Override
        public void closeApp() {
            closed();
        }

        @Override
        public void abortApp() {
            closed();
        }

        private void closed() {
            assertThat(app).isTrue();
            app = false;
            if (machine instanceof ServerConnection server) {
                after.add(() -> {
                    if (!over) {
                        perform(server.appClosed(now));
                    }
                });
            }
        }

        @Override
        public void abortConnection() {
            over = true;
        }

        @Override
        public void finishConnection() {
            over = true;
        }

        @Override
        public void closeConnection() {
            over = true;
        }

        @Override
        public void ended(CloseReason reason) {
            ends++;
        }

        @Override
        public void reusable() {
            ClientConnection client = (ClientConnection) machine;
            after.add(() -> open(client));
        }

        void open(ClientConnection client) {
            if (client.mayOpen()) {
                begun++;
                Open open = new Open(
                        client.ordinal(), AppTransport.TCP, 0, Optional.empty(), "x", "", "", new Id128(0, 0), 0, "");
                perform(client.open(open, Duration.ofSeconds(1), now));
            }
        }

        void finish() {
            if (!over) {
                perform(machine.connectionLost());
            }
            assertThat(ends).isEqualTo(begun);
            assertThat(app).isFalse();
        }
    }

    @FuzzTest
    void a_server_survives_any_client(byte[] bytes) {
        ServerConnection machine = new ServerConnection(Timers.DEFAULT, HELLO);
        Checked shell = new Checked(machine);
        shell.perform(machine.accepted(0));
        new FrameDecoder(shell).feed(Unpooled.copiedBuffer(bytes));
        shell.finish();
    }

    @FuzzTest
    void a_client_survives_any_server(byte[] bytes) {
        ClientConnection machine = new ClientConnection(Timers.DEFAULT, HELLO, Timers.DEFAULT.life());
        Checked shell = new Checked(machine);
        shell.perform(machine.connected(0));
        shell.open(machine);
        new FrameDecoder(shell).feed(Unpooled.copiedBuffer(bytes));
        shell.finish();
    }
}
