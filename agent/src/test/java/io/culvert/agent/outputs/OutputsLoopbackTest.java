package io.culvert.agent.outputs;

import static org.assertj.core.api.Assertions.assertThat;

import io.culvert.agent.rpc.LoopbackMesh;
import io.culvert.agent.rpc.RpcLimits;
import io.culvert.agent.rpc.RpcMethods;
import io.culvert.agent.rpc.RpcTarget;
import io.culvert.catalog.CatalogNode;
import io.culvert.catalog.IpAddress;
import io.culvert.catalog.Liveness;
import io.culvert.catalog.NodeContent;
import io.culvert.catalog.NodeId;
import io.culvert.catalog.NodeName;
import io.culvert.catalog.NodeRecord;
import io.culvert.catalog.clock.MonotonicClock;
import io.culvert.catalog.clock.SystemClocks;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OutputsLoopbackTest {
    private final LoopbackMesh mesh = new LoopbackMesh("ours.culvert");
    private final Map<NodeId, RpcTarget> addresses = new HashMap<>();
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final AtomicLong ahead = new AtomicLong();
    private final MonotonicClock clock = () -> SystemClocks.MONOTONIC.nanos() + ahead.get();

    @AfterEach
    void close() throws Exception {
        mesh.close();
    }

    private CatalogNode host(long id, Liveness liveness) {
        NodeRecord record = new NodeRecord(
                new NodeId(0, id),
                new NodeName("h" + id),
                IpAddress.parse("127.0.0.1"),
                "dc1",
                Map.of(),
                8443,
                false,
                "1.0");
        return new CatalogNode(new NodeContent(record, List.of(), List.of()), liveness, 1, 1);
    }

    /** A host whose check {@code c} said {@code output}. */
    private CatalogNode answering(long id, String output) throws Exception {
        CatalogNode host = host(id, Liveness.ALIVE);
        LoopbackMesh.Port port = mesh.port();
        RpcMethods methods = new RpcMethods();
        OutputService.register(
                check -> {
                    asked.add(check);
                    return check.equals("c") ? output : "";
                },
                methods);
        mesh.serve(port, "h" + id, methods, RpcLimits.MEMBERS);
        addresses.put(host.id(), mesh.target(port, "h" + id));
        return host;
    }

    private RemoteOutputs outputs() throws Exception {
        return new RemoteOutputs(
                mesh.client(mesh.agent("reader")), id -> Optional.ofNullable(addresses.get(id)), clock);
    }

    private static CheckOutputs.Wanted wanted(CatalogNode host) {
        return new CheckOutputs.Wanted(host, Set.of("c"));
    }

    private static String shown(CheckOutputs outputs, CatalogNode host) {
        return outputs.of(List.of(wanted(host)))
                .getOrDefault(host.id(), Map.of())
                .getOrDefault("c", "nothing");
    }

    @Test
    void the_owner_tells_what_its_check_said_and_is_asked_once_in_two_seconds() throws Exception {
        CatalogNode host = answering(1, "connection refused");
        RemoteOutputs outputs = outputs();

        for (int i = 0; i < 10; i++) {
            assertThat(shown(outputs, host)).isEqualTo("connection refused");
        }
        assertThat(asked).hasSize(1);
        ahead.addAndGet(Duration.ofSeconds(3).toNanos());
        assertThat(shown(outputs, host)).isEqualTo("connection refused");
        assertThat(asked).hasSize(2);
    }

    @Test
    void a_host_that_accepts_and_never_answers_costs_a_second_once_and_a_sentence() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            CatalogNode dead = host(2, Liveness.ALIVE);
            addresses.put(
                    dead.id(), RpcTarget.parse("127.0.0.1:" + silent.getLocalPort(), Optional.of(mesh.agent("h2"))));
            CatalogNode alive = answering(1, "fine");
            RemoteOutputs outputs = outputs();

            Map<NodeId, Map<String, String>> shown = outputs.of(List.of(wanted(dead), wanted(alive)));

            assertThat(shown.get(dead.id()))
                    .hasEntrySatisfying(
                            "c", text -> assertThat(text).startsWith("the output is on host h2: it did not answer"));
            assertThat(shown.get(alive.id())).containsEntry("c", "fine");
        }
    }

    @Test
    void who_is_out_of_reach_is_not_asked_at_all() throws Exception {
        CatalogNode failed = host(3, Liveness.FAILED);
        CatalogNode unknown = host(4, Liveness.ALIVE);

        assertThat(shown(outputs(), failed)).isEqualTo("the output is on host h3: it is failed");
        assertThat(shown(outputs(), unknown)).contains("its address is not known");
    }

    @Test
    void an_output_is_cut_at_four_thousand_characters_and_an_answer_at_its_bound() throws Exception {
        CatalogNode host = answering(1, "x".repeat(100_000));
        RemoteOutputs outputs = outputs();

        assertThat(shown(outputs, host)).hasSizeLessThan(4_200).endsWith("… (cut; the whole is on its host)");
        ahead.addAndGet(Duration.ofSeconds(3).toNanos());
        List<String> many = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
            many.add("check-" + i);
        }
        Map<String, String> shown = outputs.of(List.of(new CheckOutputs.Wanted(host, Set.copyOf(many))))
                .getOrDefault(host.id(), Map.of());
        assertThat(shown).hasSize(2_000);
        assertThat(shown.values().stream()
                        .filter(text -> text.contains("no room"))
                        .count())
                .isEqualTo(2_000 - OutputMessages.MOST_CHECKS);
    }

    @Test
    void one_reader_asks_a_bounded_number_of_hosts_and_what_is_remembered_is_bounded_too() throws Exception {
        RemoteOutputs outputs = outputs();
        for (int round = 0; round < 10; round++) {
            List<CheckOutputs.Wanted> all = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                all.add(wanted(host(100 + round * 40L + i, Liveness.ALIVE)));
            }
            Map<NodeId, Map<String, String>> shown = outputs.of(all);
            assertThat(shown.values().stream()
                            .filter(texts -> texts.getOrDefault("c", "").contains("was not asked"))
                            .count())
                    .isEqualTo(40 - RemoteOutputs.MOST_HOSTS);
        }
        assertThat(outputs.remembered()).isEqualTo(RemoteOutputs.MOST_REMEMBERED);
    }
}
