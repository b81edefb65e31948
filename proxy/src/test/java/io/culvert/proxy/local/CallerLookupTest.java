package io.culvert.proxy.local;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class CallerLookupTest {
    @TempDir
    Path directory = Path.of(".");

    private static CallerUid get(CompletionStage<CallerUid> stage) throws Exception {
        return stage.toCompletableFuture().get(10, SECONDS);
    }

    private static int self() throws IOException {
        return (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
    }

    private void table(String name, String... rows) throws IOException {
        List<String> lines = new ArrayList<>();
        lines.add("  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode");
        lines.addAll(List.of(rows));
        Files.write(directory.resolve(name), lines);
    }

    private static InetSocketAddress at(String address, int port) throws IOException {
        return new InetSocketAddress(InetAddress.getByName(address), port);
    }

    @Test
    void a_real_caller_is_found_with_its_user() throws Exception {
        try (CallerLookup lookup = new CallerLookup();
                ServerSocketChannel listener = ServerSocketChannel.open()) {
            listener.bind(new InetSocketAddress("127.0.0.1", 0));
            List<CompletionStage<CallerUid>> answers = new ArrayList<>();
            List<SocketChannel> open = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                SocketChannel caller = SocketChannel.open(listener.getLocalAddress()); // Java's are in tcp6
                SocketChannel accepted = listener.accept();
                open.add(caller);
                open.add(accepted);
                answers.add(lookup.find((InetSocketAddress) accepted.getRemoteAddress(), (InetSocketAddress)
                        accepted.getLocalAddress()));
            }
            for (CompletionStage<CallerUid> answer : answers) {
                assertThat(get(answer).uid()).contains(self());
            }
            for (SocketChannel one : open) {
                one.close();
            }
        }
    }

    @Test
    void a_caller_that_has_closed_is_nobody_not_root() throws Exception {
        try (CallerLookup lookup = new CallerLookup();
                ServerSocketChannel listener = ServerSocketChannel.open()) {
            listener.bind(new InetSocketAddress("127.0.0.1", 0));
            SocketChannel caller = SocketChannel.open(listener.getLocalAddress());
            try (SocketChannel accepted = listener.accept()) {
                caller.close();
                CallerUid answer = get(lookup.find((InetSocketAddress) accepted.getRemoteAddress(), (InetSocketAddress)
                        accepted.getLocalAddress()));
                assertThat(answer.uid()).isEmpty();
                assertThat(answer.reason()).isNotEmpty();
            }
        }
    }

    /** 127.0.0.1:40000 called 127.64.0.9:3306; words are in the order of a little-endian machine. */
    @Test
    void rows_of_both_tables_are_read() throws Exception {
        table(
                "tcp",
                "   0: 0100007F:9C40 0900407F:0CEA 01 00000000:00000000 00:00000000 00000000  1000        0 4711 1");
        table(
                "tcp6",
                "   0: 0000000000000000FFFF00000100007F:9C41 0000000000000000FFFF00000900407F:0CEA 01"
                        + " 00000000:00000000 00:00000000 00000000  1001        0 4712 1");
        try (CallerLookup lookup = new CallerLookup(directory)) {
            InetSocketAddress listener = at("127.64.0.9", 3306);
            assertThat(get(lookup.find(at("127.0.0.1", 40_000), listener)).uid())
                    .isEqualTo(Optional.of(1000));
            assertThat(get(lookup.find(at("127.0.0.1", 40_001), listener)).uid())
                    .isEqualTo(Optional.of(1001));
            assertThat(get(lookup.find(at("127.0.0.1", 40_002), listener)).uid())
                    .isEmpty();
        }
    }

    @Test
    void inode_zero_and_the_overflow_user_are_never_trusted() throws Exception {
        table(
                "tcp",
                "   0: 0100007F:9C40 0900407F:0CEA 05 00000000:00000000 00:00000000 00000000     0        0 0 1",
                "   1: 0100007F:9C41 0900407F:0CEA 01 00000000:00000000 00:00000000 00000000 65534        0 99 1",
                "   2: 0100007F:9C42 0900407F:0CEA 01 garbage",
                "   3: 0100007F:9C43 0900407F:0CEA 01 00000000:00000000 00:00000000 00000000   abc        0 99 1");
        try (CallerLookup lookup = new CallerLookup(directory)) {
            for (int port = 40_000; port < 40_004; port++) {
                CallerUid answer = get(lookup.find(at("127.0.0.1", port), at("127.64.0.9", 3306)));
                assertThat(answer.uid()).as("port %d", port).isEmpty();
                assertThat(answer.reason()).isNotEmpty();
            }
        }
    }

    @Test
    void without_the_tables_nobody_is_known() throws Exception {
        try (CallerLookup lookup = new CallerLookup(directory.resolve("none"))) {
            assertThat(get(lookup.find(at("127.0.0.1", 1), at("127.0.0.1", 2))).uid())
                    .isEmpty();
        }
    }

    @Test
    void after_close_every_question_is_answered_with_nobody() throws Exception {
        CallerLookup lookup = new CallerLookup(directory);
        lookup.close();
        assertThat(get(lookup.find(at("127.0.0.1", 1), at("127.0.0.1", 2))).reason())
                .contains("stopping");
    }

    @Test
    void users_and_groups_are_found_by_name_and_by_number() throws Exception {
        Files.writeString(directory.resolve("passwd"), "root:x:0:0::/:/bin/sh\nshop:x:1042:1043::/:/bin/sh\nbroken\n");
        Files.writeString(directory.resolve("group"), "web:x:77:\n");
        Accounts accounts = new Accounts(directory);
        assertThat(accounts.uid("shop")).contains(1042);
        assertThat(accounts.uid("1050")).contains(1050);
        assertThat(accounts.gid("web")).contains(77);
        assertThat(accounts.uid("no-such-user-anywhere")).isEmpty();
        assertThat(accounts.uid("99999999999")).isEmpty();
    }
}
