package io.culvert.proxy.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.culvert.proxy.CloseReason;
import io.culvert.proxy.frame.AppTransport;
import io.culvert.proxy.frame.Frame;
import io.culvert.proxy.frame.GoAwayReason;
import io.culvert.proxy.frame.Hello;
import io.culvert.proxy.frame.Id128;
import io.culvert.proxy.frame.Limits;
import io.culvert.proxy.frame.Open;
import io.culvert.proxy.frame.Opened;
import io.culvert.proxy.frame.RefusalCode;
import io.culvert.proxy.frame.Refused;
import io.culvert.proxy.frame.ResetCode;
import io.culvert.testbed.kit.Property;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * Both machines, joined by a wire that keeps order and takes as long as it likes, with applications that send, end, break
 * and refuse at random. What comes out is compared with what was put in.
 */
class TwoMachinesTest {
    private static final Hello HELLO = new Hello(1, 0, 1, Limits.DATA, 0, 0, 0, new Id128(1, 2));

    /** Something on the wire: a frame, or a number of DATA bytes of a stream. */
    private record OnWire(Optional<Frame> frame, int stream, int bytes) {}

    /** One end with its application. */
    private static final class End implements Effect.Performer {
        final Connection machine;
        final Deque<OnWire> toPeer = new ArrayDeque<>();
        long appSent;
        long appReceived;
        boolean appOpen;
        boolean appEndedItself;
        boolean peerEnded;
        boolean aborted;
        boolean dialing;
        boolean connectionOver;
        final List<CloseReason> ends = new ArrayList<>();
        int begun;
        int refusals;
        int reusable;

        End(Connection machine) {
            this.machine = machine;
        }

        void appOpens() {
            appSent = 0;
            appReceived = 0;
            appOpen = true;
            appEndedItself = false;
            peerEnded = false;
            aborted = false;
        }

        @Override
        public void send(Frame frame) {
            toPeer.add(new OnWire(Optional.of(frame), 0, 0));
        }

        @Override
        public void dial(Open open) {
            dialing = true;
            begun++;
        }

        @Override
        public void cancelDial() {
            assertThat(dialing).isTrue();
            dialing = false;
        }

        @Override
        public void opened(Opened opened) {
            appOpens();
        }

        @Override
        public void refused(Refused refused) {
            refusals++;
        }

        @Override
        public void endAppOutput() {
            assertThat(appOpen).isTrue();
            assertThat(peerEnded).isFalse();
            peerEnded = true;
        }

        @Override
        public void closeApp() {
            assertThat(appOpen).isTrue();
            appOpen = false;
        }

        @Override
        public void abortApp() {
            assertThat(appOpen).isTrue();
            appOpen = false;
            aborted = true;
        }

        @Override
        public void abortConnection() {
            connectionOver = true;
        }

        @Override
        public void finishConnection() {
            connectionOver = true;
        }

        @Override
        public void closeConnection() {
            connectionOver = true;
        }

        @Override
        public void ended(CloseReason reason) {
            ends.add(reason);
        }

        @Override
        public void reusable() {
            reusable++;
        }
    }

    /** A run of random steps. */
    private static final class World {
        final ClientConnection clientMachine = new ClientConnection(Timers.DEFAULT, HELLO, Timers.DEFAULT.life());
        final ServerConnection serverMachine = new ServerConnection(Timers.DEFAULT, HELLO);
        final End client = new End(clientMachine);
        final End server = new End(serverMachine);
        final SplittableRandom random;
        long now;

        World(SplittableRandom random) {
            this.random = random;
            perform(client, clientMachine.connected(now));
            perform(server, serverMachine.accepted(now));
        }

        void perform(End end, List<Effect> effects) {
            boolean hadApp = end.appOpen;
            effects.forEach(effect -> effect.performBy(end));
            if (end == server && hadApp && !server.appOpen && !server.connectionOver) {
                perform(server, serverMachine.appClosed(now));
            }
        }

        void step() {
            now += random.nextInt(1_000_000);
            End end = random.nextBoolean() ? client : server;
            switch (random.nextInt(12)) {
                case 0, 1, 2, 3 -> deliver(end == client ? server : client, end);
                case 4 -> open();
                case 5 -> answer();
                case 6, 7 -> sendData(end);
                case 8 -> appEnds(end);
                case 9 -> {
                    if (random.nextInt(4) == 0) {
                        appBreaks(end);
                    }
                }
                case 10 -> {
                    if (random.nextInt(20) == 0 && clientMachine.hasStream()) {
                        perform(client, clientMachine.cancel(now));
                    }
                }
                default -> {
                    if (random.nextInt(60) == 0) {
                        perform(server, serverMachine.goAway(GoAwayReason.AGE, 1_000, now));
                    }
                }
            }
        }

        void open() {
            if (clientMachine.mayOpen() && !client.connectionOver) {
                client.begun++;
                perform(
                        client,
                        clientMachine.open(
                                new Open(
                                        clientMachine.ordinal(),
                                        AppTransport.TCP,
                                        0,
                                        Optional.empty(),
                                        "x",
                                        "",
                                        "",
                                        new Id128(0, 0),
                                        0,
                                        ""),
                                Duration.ofSeconds(10),
                                now));
            }
        }

        void answer() {
            if (!server.dialing || server.connectionOver) {
                return;
            }
            server.dialing = false;
            if (random.nextInt(5) == 0) {
                perform(
                        server,
                        serverMachine.appFailed(RefusalCode.CONNECT_REFUSED, "no", CloseReason.REFUSED_APP, now));
            } else {
                server.appOpens();
                perform(server, serverMachine.appOpened(AppTransport.TCP, 1));
            }
        }

        void sendData(End end) {
            if (end.appOpen && !end.appEndedItself && end.machine.maySend()) {
                int bytes = 1 + random.nextInt(1_000);
                end.machine.dataSent(bytes, now);
                end.toPeer.add(new OnWire(Optional.empty(), end.machine.ordinal(), bytes));
                end.appSent += bytes;
            }
        }

        void appEnds(End end) {
            if (end.appOpen && !end.appEndedItself && end.machine.maySend()) {
                end.appEndedItself = true;
                perform(end, end.machine.appEnded(now));
            }
        }

        void appBreaks(End end) {
            if (end.appOpen && end.machine.hasStream()) {
                perform(end, end.machine.appReset(random.nextInt(3) != 0, now));
            }
        }

        void deliver(End from, End to) {
            if (to.connectionOver) {
                return;
            }
            if (from.toPeer.isEmpty()) {
                if (from.connectionOver) {
                    to.connectionOver = true;
                    perform(to, to.machine.connectionLost());
                }
                return;
            }
            OnWire next = from.toPeer.poll();
            if (next.frame().isPresent()) {
                perform(to, to.machine.frame(next.frame().get(), now));
            } else {
                Arrival arrival = to.machine.dataReceived(next.stream(), next.bytes(), now);
                assertThat(arrival).as("data of %s at %s", next, to.machine).isNotEqualTo(Arrival.FAULT);
                if (arrival == Arrival.DELIVER) {
                    assertThat(to.appOpen).isTrue();
                    to.appReceived += next.bytes();
                }
            }
            assertThat(to.machine.isFaulty())
                    .as("after %s: %s", next, to.machine)
                    .isFalse();
        }

        void settle() {
            for (int i = 0; i < 10_000 && !(client.toPeer.isEmpty() && server.toPeer.isEmpty()); i++) {
                deliver(client, server);
                deliver(server, client);
                if (client.connectionOver || server.connectionOver) {
                    break;
                }
            }
        }
    }

    @Test
    void honest_machines_never_fault_each_other_and_tell_each_end_once() {
        Property.forSeeds(2_000, random -> {
            World world = new World(random);
            for (int i = 0; i < 400; i++) {
                world.step();
            }
            world.perform(world.client, world.clientMachine.connectionLost());
            world.perform(world.server, world.serverMachine.connectionLost());
            assertThat(world.client.ends.size() + world.client.refusals)
                    .as("client: ends %s", world.client.ends)
                    .isEqualTo(world.client.begun);
            assertThat(world.server.ends).as("server").hasSize(world.server.begun);
            assertThat(world.client.appOpen).isFalse();
            assertThat(world.server.appOpen).isFalse();
        });
    }

    @Test
    void an_end_that_is_told_as_ok_has_lost_no_byte() {
        int[] whole = {0};
        Property.forSeeds(2_000, random -> {
            World world = new World(random);
            world.open();
            for (int i = 0; i < 60; i++) {
                world.step();
                world.deliver(world.client, world.server);
                world.deliver(world.server, world.client);
                if (world.client.ends.equals(List.of(CloseReason.OK))
                        && world.server.ends.equals(List.of(CloseReason.OK))) {
                    assertThat(world.client.appReceived).isEqualTo(world.server.appSent);
                    assertThat(world.server.appReceived).isEqualTo(world.client.appSent);
                    whole[0]++;
                    break;
                }
            }
        });
        assertThat(whole[0]).as("runs that ended well").isGreaterThan(20);
    }

    @Test
    void an_application_that_heard_an_end_heard_all() {
        Property.forSeeds(2_000, random -> {
            World world = new World(random);
            world.open();
            boolean clientHeard = false;
            boolean serverHeard = false;
            for (int i = 0; i < 80; i++) {
                world.step();
                if (world.client.peerEnded && !clientHeard && world.client.begun == 1) {
                    clientHeard = true;
                    assertThat(world.client.appReceived).isEqualTo(world.server.appSent);
                }
                if (world.server.peerEnded && !serverHeard && world.server.begun == 1) {
                    serverHeard = true;
                    assertThat(world.server.appReceived).isEqualTo(world.client.appSent);
                }
            }
        });
    }

    @Test
    void a_lie_about_the_count_is_never_taken_for_an_end() {
        World world = new World(new SplittableRandom(1));
        world.open();
        world.settle();
        world.server.dialing = false;
        world.server.appOpens();
        world.perform(world.server, world.serverMachine.appOpened(AppTransport.TCP, 1));
        world.settle();
        world.perform(world.client, world.clientMachine.frame(new io.culvert.proxy.frame.Fin(1, 5), 0));
        assertThat(world.client.peerEnded).isFalse();
        assertThat(world.client.aborted).isTrue();
        assertThat(world.client.ends).containsExactly(CloseReason.PROTOCOL);
        assertThat(world.clientMachine.isFaulty()).isTrue();
    }

    @Test
    void seventy_thousand_streams_wrap_the_ordinal_and_reuse_one_connection() {
        World world = new World(new SplittableRandom(2));
        for (int i = 0; i < 70_000; i++) {
            assertThat(world.clientMachine.ordinal()).isEqualTo(i % 65_535 + 1);
            world.open();
            world.settle();
            world.server.dialing = false;
            world.server.appOpens();
            world.perform(world.server, world.serverMachine.appOpened(AppTransport.TCP, 1));
            world.settle();
            world.appEnds(world.client);
            world.appEnds(world.server);
            world.settle();
            assertThat(world.clientMachine.mayOpen()).as("after stream %d", i).isTrue();
        }
        assertThat(world.client.ends).hasSize(70_000).containsOnly(CloseReason.OK);
        assertThat(world.client.reusable).isEqualTo(70_000);
    }

    @Test
    void a_kill_says_why_and_waits_for_nobody() {
        World world = new World(new SplittableRandom(3));
        world.open();
        world.settle();
        world.server.dialing = false;
        world.server.appOpens();
        world.perform(world.server, world.serverMachine.appOpened(AppTransport.TCP, 1));
        world.settle();
        world.perform(world.server, world.serverMachine.kill(ResetCode.POLICY, CloseReason.DENIED_LATE));
        assertThat(world.server.connectionOver).isTrue();
        assertThat(world.server.aborted).isTrue();
        world.deliver(world.server, world.client);
        assertThat(world.client.aborted).isTrue();
        assertThat(world.client.ends).containsExactly(CloseReason.DENIED_LATE);
        assertThat(world.server.ends).containsExactly(CloseReason.DENIED_LATE);
    }
}
