package io.culvert.dns.core;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.culvert.catalog.Catalog;
import io.culvert.catalog.IpAddress;
import io.culvert.catalog.LoopbackPool;
import io.culvert.catalog.LoopbackTable;
import io.culvert.catalog.NodeContent;
import io.culvert.catalog.NodeId;
import io.culvert.catalog.NodeName;
import io.culvert.catalog.NodeRecord;
import io.culvert.catalog.ServiceInstance;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.xbill.DNS.Message;

/** Whatever comes in: no exception, no answer longer than allowed, identifier and question echoed, one truth. */
class ResponderFuzzTest {
    private static final View VIEW = view();

    private final Responder responder = new Responder(ZoneSettings.DEFAULT, new SplittableRandom(1));
    private final AnswerBuffer out = new AnswerBuffer();
    private final AnswerBuffer slow = new AnswerBuffer();

    private static View view() {
        Catalog catalog = new Catalog();
        ServiceInstance mysql = ServiceInstance.of("mysql", "mysql", 3306).withMesh();
        NodeRecord node = new NodeRecord(
                new NodeId(0, 1),
                new NodeName("db-1"),
                IpAddress.parse("10.0.0.7"),
                "dc1",
                Map.of("rack", "r1"),
                8443,
                true,
                "0.1.0");
        catalog.contentChanged(new NodeContent(node, List.of(mysql, ServiceInstance.of("web", "web", 80)), List.of()));
        LoopbackTable table = LoopbackTable.empty(LoopbackPool.DEFAULT).with(mysql.name(), 0);
        return new View(catalog.current(), table, 1_800_000_000L);
    }

    @FuzzTest
    void any_bytes_are_answered_within_bounds(byte[] message) throws IOException {
        for (Transport transport : Transport.values()) {
            boolean question = message.length >= WireFormat.HEADER_BYTES && message[2] >= 0;
            Outcome outcome = responder.respond(message, message.length, transport, VIEW, out);
            assertThat(outcome).isEqualTo(question ? Outcome.ANSWERED : Outcome.SILENT);
            if (question) {
                check(message, transport);
            }
        }
    }

    private void check(byte[] message, Transport transport) throws IOException {
        assertThat(out.length()).isBetween(WireFormat.HEADER_BYTES, transport.limit(AnswerBuffer.CAPACITY));
        Message answer = new Message(Arrays.copyOf(out.bytes(), out.length()));
        assertThat(out.bytes()[0]).isEqualTo(message[0]);
        assertThat(out.bytes()[1]).isEqualTo(message[1]);
        int end = WireFormat.count(message, 0) == 1 ? WireFormat.questionEnd(message, message.length) : -1;
        if (end > 0) {
            assertThat(Arrays.equals(message, WireFormat.HEADER_BYTES, end, out.bytes(), WireFormat.HEADER_BYTES, end))
                    .isTrue();
        }
        responder.respondSlowly(message, message.length, transport, VIEW, slow);
        Message other = new Message(Arrays.copyOf(slow.bytes(), slow.length()));
        assertThat(answer.getRcode()).isEqualTo(other.getRcode());
        assertThat(WireFormat.count(out.bytes(), 1)).isEqualTo(WireFormat.count(slow.bytes(), 1));
    }
}
