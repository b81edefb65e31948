package io.culvert.gossip.replication;

import io.culvert.catalog.CheckState;
import io.culvert.catalog.NodeContent;
import io.culvert.catalog.NodeId;
import io.culvert.catalog.NodeRecord;
import io.culvert.catalog.ServiceInstance;
import io.culvert.gossip.replication.ReplicationNotice.Kind;
import io.culvert.gossip.wire.MalformedFrame;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Makes the catalogue's words of one owner's records. */
final class ContentAssembler {
    private final NodeId owner;
    private final Consumer<Kind> faults;
    private final List<ServiceInstance> services = new ArrayList<>();
    private final List<CheckState> checks = new ArrayList<>();
    private @Nullable NodeRecord node;

    private ContentAssembler(NodeId owner, Consumer<Kind> faults) {
        this.owner = owner;
        this.faults = faults;
    }

    /**
     * All of {@code set} that can be read.
     *
     * @param faults told of each record that cannot; the others stay in force, since the owner signed them
     * @return null when the set does not say which host it is of, or names another
     */
    static @Nullable NodeContent assemble(NodeId owner, RecordSet set, Consumer<Kind> faults) {
        ContentAssembler assembler = new ContentAssembler(owner, faults);
        set.slots().values().forEach(stored -> assembler.add(stored.body()));
        NodeRecord node = assembler.node;
        return node == null ? null : new NodeContent(node, assembler.services, assembler.checks);
    }

    private void add(byte[] body) {
        try {
            ContentRecord record = RecordCodec.decode(body);
            if (record instanceof ContentRecord.OfService service) {
                services.add(service.service());
            } else if (record instanceof ContentRecord.OfCheck check) {
                checks.add(check.check());
            } else if (record instanceof ContentRecord.OfNode described) {
                addNode(described.node());
            }
        } catch (MalformedFrame unreadable) {
            faults.accept(Kind.UNREADABLE_RECORD);
        }
    }

    private void addNode(NodeRecord described) {
        if (described.id().equals(owner)) {
            node = described;
        } else {
            faults.accept(Kind.FOREIGN_CONTENT);
        }
    }
}
