package io.culvert.agent.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.culvert.agent.rpc.ServerBook.Admission;
import io.culvert.agent.rpc.wire.RpcError;
import io.culvert.agent.rpc.wire.RpcFrame;
import io.culvert.agent.rpc.wire.RpcFrameFault;
import io.culvert.testbed.kit.Property;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class BooksTest {
    @Test
    void a_server_admits_rising_ids_up_to_its_bound() {
        ServerBook book = new ServerBook(2);
        assertThat(book.begin(1)).isEqualTo(Admission.ADMITTED);
        assertThat(book.begin(1)).isEqualTo(Admission.OUT_OF_ORDER);
        assertThat(book.begin(7)).isEqualTo(Admission.ADMITTED);
        assertThat(book.begin(8)).isEqualTo(Admission.FULL);
        assertThat(book.end(1)).isTrue();
        assertThat(book.begin(8)).isEqualTo(Admission.OUT_OF_ORDER);
        assertThat(book.begin(9)).isEqualTo(Admission.ADMITTED);
    }

    @Test
    void a_request_ends_once_by_its_answer_or_by_its_cancellation() {
        ServerBook book = new ServerBook(2);
        CompletableFuture<byte[]> work = new CompletableFuture<>();
        assertThat(book.begin(1)).isEqualTo(Admission.ADMITTED);
        book.attach(1, work);
        assertThat(book.cancel(1)).isTrue();
        assertThat(work).isCancelled();
        assertThat(book.end(1)).isFalse();
        assertThat(book.cancel(1)).isFalse();
        assertThat(book.isEmpty()).isTrue();
    }

    @Test
    void work_that_starts_after_its_request_is_over_is_cancelled() {
        ServerBook book = new ServerBook(2);
        assertThat(book.begin(1)).isEqualTo(Admission.ADMITTED);
        book.cancelAll();
        CompletableFuture<byte[]> late = new CompletableFuture<>();
        book.attach(1, late);
        assertThat(late).isCancelled();
    }

    @Test
    void every_question_ends_exactly_once_whatever_the_server_sends() {
        Property.forSeeds(500, random -> {
            ClientBook book = new ClientBook(8);
            List<CompletableFuture<byte[]>> asked = new ArrayList<>();
            for (int i = 0; i < 60; i++) {
                int id = 1 + random.nextInt(Math.max(1, asked.size()));
                switch (random.nextInt(4)) {
                    case 0 -> ask(book, asked);
                    case 1 -> deliver(book, new RpcFrame.Response(id, new byte[] {(byte) id}), asked.size());
                    case 2 -> deliver(book, new RpcFrame.Failure(id, RpcError.REFUSED, "no"), asked.size());
                    default ->
                        assertThat(book.giveUp(id) && asked.get(id - 1).isDone())
                                .isFalse();
                }
            }
            book.failAll("gone");
            assertThat(book.isEmpty()).isTrue();
            for (int i = 0; i < asked.size(); i++) {
                byte[] answer = asked.get(i).handle((bytes, failure) -> bytes).getNow(new byte[0]);
                assertThat(answer == null || answer.length == 0 || answer[0] == i + 1)
                        .isTrue();
            }
        });
    }

    @Test
    void an_answer_to_a_question_never_asked_is_a_fault() {
        ClientBook book = new ClientBook(8);
        assertThatThrownBy(() -> book.answered(new RpcFrame.Response(1, new byte[0])))
                .isInstanceOf(RpcFrameFault.class);
        assertThatThrownBy(() -> book.answered(new RpcFrame.Cancel(1))).isInstanceOf(RpcFrameFault.class);
    }

    private static void ask(ClientBook book, List<CompletableFuture<byte[]>> asked) {
        CompletableFuture<byte[]> answer = new CompletableFuture<>();
        int id = book.begin(answer);
        if (id != 0) {
            asked.add(answer);
            assertThat(id).isEqualTo(asked.size());
        }
    }

    private static void deliver(ClientBook book, RpcFrame frame, int asked) {
        try {
            book.answered(frame);
            assertThat(frame.id()).isLessThanOrEqualTo(asked);
        } catch (RpcFrameFault fault) {
            assertThat(frame.id()).isGreaterThan(asked);
        }
    }
}
