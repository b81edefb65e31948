package io.culvert.testbed.simulator;

import io.culvert.catalog.Liveness;
import io.culvert.catalog.NodeContent;
import io.culvert.catalog.NodeId;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What one host was told of all others, as a catalogue above it would keep it: five bytes for each of them. */
final class Beliefs {
    private static final Liveness[] LIVENESS = Liveness.values();

    private final Roster roster;
    private @Nullable NodeContent[] contents = {};
    /** The ordinal of the liveness and one; 0 for nothing heard. */
    private byte[] liveness = {};

    Beliefs(Roster roster) {
        this.roster = roster;
    }

    void clear() {
        contents = new NodeContent[0];
        liveness = new byte[0];
    }

    Optional<NodeContent> contentOf(NodeId owner) {
        int number = roster.numberOf(owner);
        return number < contents.length ? Optional.ofNullable(contents[number]) : Optional.empty();
    }

    Optional<Liveness> livenessOf(NodeId member) {
        int number = roster.numberOf(member);
        return number < liveness.length && liveness[number] > 0
                ? Optional.of(LIVENESS[liveness[number] - 1])
                : Optional.empty();
    }

    void shown(NodeContent content) {
        int number = roster.numberOf(content.node().id());
        if (number >= contents.length) {
            contents = Arrays.copyOf(contents, room(number));
        }
        contents[number] = content;
    }

    void changed(NodeId member, Liveness after) {
        int number = roster.numberOf(member);
        if (number >= liveness.length) {
            liveness = Arrays.copyOf(liveness, room(number));
        }
        liveness[number] = (byte) (after.ordinal() + 1);
    }

    void forgotten(NodeId member) {
        int number = roster.numberOf(member);
        if (number < contents.length) {
            contents[number] = null;
        }
        if (number < liveness.length) {
            liveness[number] = 0;
        }
    }

    private int room(int number) {
        return Math.max(roster.size(), number + 1);
    }
}
