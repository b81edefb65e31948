package io.culvert.proxy.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.culvert.proxy.CloseReason;
import io.culvert.proxy.frame.AppTransport;
import io.culvert.proxy.frame.Fin;
import io.culvert.proxy.frame.Frame;
import io.culvert.proxy.frame.GoAway;
import io.culvert.proxy.frame.Hello;
import io.culvert.proxy.frame.Id128;
import io.culvert.proxy.frame.Limits;
import io.culvert.proxy.frame.Open;
import io.culvert.proxy.frame.Opened;
import io.culvert.proxy.frame.Ready;
import io.culvert.proxy.frame.RefusalCode;
import io.culvert.proxy.frame.Refused;
import io.culvert.proxy.frame.Reset;
import io.culvert.proxy.frame.ResetCode;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What the machines do when nobody answers, and the rows of their tables that random runs meet seldom. */
class TimersTest {
    private static final Hello HELLO = new Hello(1, 0, 1, Limits.DATA, 0, 0, 0, new Id128(1, 2));
    private static final long SECOND = 1_000_000_000L;

    private final ClientConnection client = new ClientConnection(Timers.DEFAULT, HELLO, Timers.DEFAULT.life());
    private final ServerConnection server = new ServerConnection(Timers.DEFAULT, HELLO);

    private static Open open(int ordinal) {
        return new Open(ordinal, AppTransport.TCP, 0, Optional.empty(), "x", "", "", new Id128(0, 0), 0, "");
    }

    private void activeClient() {
        use(client.connected(0));
        use(client.open(open(1), Duration.ofSeconds(10), 0));
        use(client.frame(HELLO, 0));
        use(client.frame(new Opened(1, AppTransport.TCP, 1), 0));
    }

    private void activeServer() {
        use(server.accepted(0));
        use(server.frame(HELLO, 0));
        use(server.frame(open(1), 0));
        use(server.appOpened(AppTransport.TCP, 1));
    }

    private static void use(List<Effect> effects) {
        assertThat(effects).isNotNull();
    }

    private static List<Effect> at(Connection machine, long now) {
        assertThat(machine.onTime(now - SECOND)).as("not before").isEmpty();
        return machine.onTime(now);
    }

    private static Effect send(Frame frame) {
        return new Effect.Send(frame);
    }

    @Test
    void a_server_that_does_not_say_hello_is_given_up_after_two_seconds() {
        use(client.connected(0));
        use(client.open(open(1), Duration.ofSeconds(10), 0));
        assertThat(at(client, 2 * SECOND))
                .containsExactly(new Effect.StreamEnded(CloseReason.TIMEOUT), Effect.Simple.ABORT_CONNECTION);
    }

    @Test
    void an_open_without_answer_is_given_up_when_its_budget_is_spent() {
        use(client.connected(0));
        use(client.open(open(1), Duration.ofSeconds(7), 0));
        use(client.frame(HELLO, 0));
        assertThat(at(client, 7 * SECOND))
                .containsExactly(new Effect.StreamEnded(CloseReason.TIMEOUT), Effect.Simple.ABORT_CONNECTION);
    }

    @Test
    void without_ready_the_connection_is_closed_after_five_seconds() {
        activeClient();
        use(client.appEnded(0));
        assertThat(client.frame(new Fin(1, 0), 0))
                .containsExactly(
                        Effect.Simple.END_APP_OUTPUT, new Effect.StreamEnded(CloseReason.OK), Effect.Simple.CLOSE_APP);
        assertThat(at(client, 5 * SECOND)).containsExactly(Effect.Simple.CLOSE_CONNECTION);
    }

    @Test
    void an_unanswered_reset_breaks_the_connection_off_after_a_second() {
        activeServer();
        assertThat(server.appReset(true, 0))
                .containsExactly(
                        Effect.Simple.ABORT_APP,
                        send(new Reset(1, ResetCode.PEER_RST, 0)),
                        new Effect.StreamEnded(CloseReason.SERVER_RESET));
        assertThat(at(server, SECOND)).containsExactly(Effect.Simple.ABORT_CONNECTION);
    }

    @Test
    void half_closed_streams_end_ten_minutes_after_their_last_byte() {
        activeClient();
        use(client.appEnded(0));
        assertThat(client.dataReceived(1, 100, 300 * SECOND)).isEqualTo(Arrival.DELIVER);
        assertThat(client.onTime(600 * SECOND)).isEmpty();
        assertThat(client.onTime(900 * SECOND))
                .containsExactly(
                        Effect.Simple.ABORT_APP,
                        new Effect.StreamEnded(CloseReason.TIMEOUT),
                        Effect.Simple.ABORT_CONNECTION);
    }

    @Test
    void a_stream_open_both_ways_may_be_silent_for_ever() {
        activeClient();
        activeServer();
        assertThat(client.deadline()).isEqualTo(Long.MAX_VALUE);
        assertThat(server.deadline()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void the_client_closes_an_idle_connection_before_the_server_asks_for_it() {
        use(client.connected(0));
        use(client.frame(HELLO, 0));
        use(server.accepted(0));
        use(server.frame(HELLO, 0));
        assertThat(at(client, 60 * SECOND)).containsExactly(Effect.Simple.CLOSE_CONNECTION);
        assertThat(at(server, 90 * SECOND)).containsExactly(send(new GoAway(1, 0)));
        assertThat(at(server, 95 * SECOND)).containsExactly(Effect.Simple.CLOSE_CONNECTION);
    }

    @Test
    void an_old_connection_is_closed_when_it_is_idle() {
        long hour = 3_600 * SECOND;
        activeClient();
        use(client.appEnded(hour - 30 * SECOND));
        use(client.frame(new Fin(1, 0), hour - 30 * SECOND));
        assertThat(client.frame(new Ready(2), hour - 30 * SECOND)).containsExactly(Effect.Simple.REUSABLE);
        assertThat(at(client, hour)).containsExactly(Effect.Simple.CLOSE_CONNECTION);
    }

    @Test
    void an_old_connection_carries_its_stream_to_the_end_and_no_other() {
        long hour = 3_600 * SECOND;
        activeClient();
        assertThat(client.onTime(hour)).isEmpty();
        assertThat(client.dataReceived(1, 100, 2 * hour)).isEqualTo(Arrival.DELIVER);
        use(client.appEnded(2 * hour));
        use(client.frame(new Fin(1, 100), 2 * hour));
        assertThat(client.frame(new Ready(2), 2 * hour)).containsExactly(Effect.Simple.CLOSE_CONNECTION);
    }

    @Test
    void a_client_that_does_not_say_hello_is_broken_off() {
        use(server.accepted(0));
        assertThat(at(server, 2 * SECOND)).containsExactly(Effect.Simple.ABORT_CONNECTION);
    }

    @Test
    void an_open_that_crosses_a_goaway_is_refused_so_that_it_can_go_elsewhere() {
        use(server.accepted(0));
        use(server.frame(HELLO, 0));
        use(server.goAway(io.culvert.proxy.frame.GoAwayReason.DRAINING, 5_000, 0));
        assertThat(server.frame(open(1), 0))
                .containsExactly(
                        send(Refused.of(
                                1, RefusalCode.DRAINING, "this agent takes no further stream on this connection")),
                        send(new Ready(2)));
    }

    @Test
    void an_open_that_crosses_the_goaway_of_an_idle_connection_may_come_again_on_a_new_one() {
        use(server.accepted(0));
        use(server.frame(HELLO, 0));
        assertThat(at(server, 90 * SECOND)).containsExactly(send(new GoAway(1, 0)));
        List<Effect> effects = server.frame(open(1), 91 * SECOND);
        Refused refused = (Refused) ((Effect.Send) effects.get(0)).frame();
        assertThat(refused.code()).isEqualTo(RefusalCode.DRAINING);
        assertThat(refused.retryable()).isEqualTo(Refused.Retry.NEW_CONNECTION);
        assertThat(effects.get(1)).isEqualTo(send(new Ready(2)));
    }

    @Test
    void a_reset_that_crosses_a_refusal_is_no_fault() {
        use(server.accepted(0));
        use(server.frame(HELLO, 0));
        use(server.frame(open(1), 0));
        use(server.appFailed(RefusalCode.CONNECT_REFUSED, "no", CloseReason.REFUSED_APP, 0));
        assertThat(server.frame(new Reset(1, ResetCode.PEER_RST, 0), 0)).isEmpty();
        assertThat(server.frame(open(2), 0)).containsExactly(new Effect.Dial(open(2)));
        assertThat(server.frame(new Reset(1, ResetCode.PEER_RST, 0), 0))
                .as("a second one is")
                .contains(Effect.Simple.ABORT_CONNECTION);
    }

    @Test
    void a_caller_that_leaves_while_connecting_cancels_the_dial_and_the_connection_goes_on() {
        use(server.accepted(0));
        use(server.frame(HELLO, 0));
        use(server.frame(open(1), 0));
        assertThat(server.frame(new Reset(1, ResetCode.PEER_RST, 0), 0))
                .containsExactly(
                        Effect.Simple.CANCEL_DIAL,
                        new Effect.StreamEnded(CloseReason.CLIENT_RESET),
                        send(new Reset(1, ResetCode.PEER_RST, 0)),
                        send(new Ready(2)));
    }

    @Test
    void a_goaway_while_active_lets_the_stream_finish_and_then_closes() {
        activeClient();
        assertThat(client.frame(new GoAway(4, 1_000), 0)).isEmpty();
        use(client.appEnded(0));
        use(client.frame(new Fin(1, 0), 0));
        assertThat(client.frame(new Ready(2), 0)).containsExactly(Effect.Simple.CLOSE_CONNECTION);
        assertThat(client.mayOpen()).isFalse();
    }

    @Test
    void frames_out_of_order_break_the_connection_off() {
        List<Frame> never = List.of(
                new Fin(1, 0),
                new Reset(1, ResetCode.PEER_RST, 0),
                open(2),
                new Ready(2),
                new Opened(1, AppTransport.TCP, 1));
        for (Frame frame : never) {
            ServerConnection fresh = new ServerConnection(Timers.DEFAULT, HELLO);
            use(fresh.accepted(0));
            use(fresh.frame(HELLO, 0));
            assertThat(fresh.frame(frame, 0)).as("%s", frame).contains(Effect.Simple.ABORT_CONNECTION);
            assertThat(fresh.isFaulty()).isTrue();
            assertThat(fresh.frame(HELLO, 0)).as("nothing after it").isEmpty();
        }
        ServerConnection early = new ServerConnection(Timers.DEFAULT, HELLO);
        use(early.accepted(0));
        assertThat(early.frame(open(1), 0)).contains(Effect.Simple.ABORT_CONNECTION);
        ServerConnection twice = new ServerConnection(Timers.DEFAULT, HELLO);
        use(twice.accepted(0));
        use(twice.frame(HELLO, 0));
        assertThat(twice.frame(HELLO, 0)).contains(Effect.Simple.ABORT_CONNECTION);
    }

    @Test
    void data_without_a_stream_or_after_its_end_is_a_fault() {
        activeServer();
        assertThat(server.dataReceived(2, 1, 0)).isEqualTo(Arrival.FAULT);
        assertThat(server.dataReceived(1, 10, 0)).isEqualTo(Arrival.DELIVER);
        use(server.frame(new Fin(1, 10), 0));
        assertThat(server.dataReceived(1, 1, 0)).isEqualTo(Arrival.FAULT);
    }

    @Test
    void what_comes_after_our_reset_is_dropped_up_to_a_bound() {
        activeServer();
        use(server.appReset(true, 0));
        assertThat(server.dataReceived(1, 1 << 20, 0)).isEqualTo(Arrival.DISCARD);
        assertThat(server.dataReceived(1, 1, 0)).isEqualTo(Arrival.GIVE_UP);
        assertThat(server.giveUp()).containsExactly(Effect.Simple.ABORT_CONNECTION);
        assertThat(server.isFaulty()).as("the peer did nothing wrong").isFalse();
    }

    @Test
    void a_reset_behind_data_that_cannot_leave_becomes_an_abort() {
        activeServer();
        assertThat(server.appReset(false, 0))
                .containsExactly(
                        Effect.Simple.ABORT_APP,
                        new Effect.StreamEnded(CloseReason.SERVER_RESET),
                        Effect.Simple.ABORT_CONNECTION);
    }

    @Test
    void a_break_after_our_end_is_said_by_the_end_of_the_connection_behind_all_data() {
        activeServer();
        use(server.appEnded(0));
        assertThat(server.appReset(true, 0))
                .containsExactly(
                        Effect.Simple.ABORT_APP,
                        new Effect.StreamEnded(CloseReason.SERVER_RESET),
                        Effect.Simple.FINISH_CONNECTION);
        activeClient();
        use(client.frame(new Fin(1, 0), 0));
        assertThat(client.connectionLost())
                .containsExactly(Effect.Simple.CLOSE_APP, new Effect.StreamEnded(CloseReason.SERVER_RESET));
    }

    @Test
    void a_connection_lost_in_the_middle_is_never_a_clean_end() {
        activeClient();
        use(client.appEnded(0));
        assertThat(client.connectionLost())
                .containsExactly(Effect.Simple.ABORT_APP, new Effect.StreamEnded(CloseReason.TUNNEL_LOST));
    }
}
