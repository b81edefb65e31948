package io.culvert.agent.policy;

import io.culvert.identity.Intention;
import java.util.List;
import java.util.Map;

/** Messages of {@code policy.watch}, and the form of intentions in files. */
final class PolicyMessages {
    static final String WATCH = "policy.watch";

    private PolicyMessages() {}

    /**
     * What an agent asks.
     *
     * @param store whose version it knows; empty: none
     * @param version that it knows; a watch is answered when there is another
     * @param offset first intention wanted of {@code version}; above 0 only while fetching a table in parts
     * @param waitMillis how long to wait for another version
     */
    record Watch(String store, long version, int offset, long waitMillis) {}

    /**
     * What the server answers.
     *
     * @param changed false: the version known is the present one, nothing follows
     * @param offset of the first intention here
     * @param total intentions of this version
     */
    record Table(String store, long version, boolean changed, int offset, int total, List<Entry> intentions) {}

    /** One intention. */
    record Entry(
            String source,
            String destination,
            Intention.Action action,
            String description,
            Map<String, String> meta,
            String origin) {
        static Entry of(Intention intention) {
            return new Entry(
                    intention.source(),
                    intention.destination(),
                    intention.action(),
                    intention.description(),
                    intention.meta(),
                    intention.origin());
        }

        /** Throws {@link IllegalArgumentException} when it breaks the rules of intentions. */
        Intention toIntention() {
            return new Intention(source, destination, action, description, meta, origin);
        }

        /** An upper bound of its size as JSON, in bytes: escapes at worst six for one. */
        int weight() {
            int text = source.length() + destination.length() + description.length() + origin.length();
            for (Map.Entry<String, String> pair : meta.entrySet()) {
                text += pair.getKey().length() + pair.getValue().length() + 8;
            }
            return 6 * text + 128;
        }
    }

    /** What is written to disk, on the server and on agents. */
    record Stored(String store, long version, List<Entry> intentions) {}
}
