package io.culvert.agent.policy;

import io.culvert.agent.files.DurableFile;
import io.culvert.agent.rpc.RpcJson;
import io.culvert.identity.Intention;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Intentions on disk. Blocks. */
final class PolicyFile {
    private static final long LARGEST = 512L * 1024 * 1024;

    private final DurableFile file;

    PolicyFile(DurableFile file) {
        this.file = file;
    }

    /** Intentions of one version of one store. */
    record Content(String store, long version, List<Intention> intentions) {}

    void write(String store, long version, Collection<Intention> intentions) throws IOException {
        List<PolicyMessages.Entry> entries =
                intentions.stream().map(PolicyMessages.Entry::of).toList();
        file.write(RpcJson.write(new PolicyMessages.Stored(store, version, entries)));
    }

    /** @throws IOException also when it is damaged: what that means differs between server and agent */
    Optional<Content> read() throws IOException {
        Optional<byte[]> bytes = file.read(LARGEST);
        if (bytes.isEmpty()) {
            return Optional.empty();
        }
        PolicyMessages.Stored stored = RpcJson.readFile(bytes.get(), PolicyMessages.Stored.class);
        try {
            List<Intention> intentions = new ArrayList<>();
            for (PolicyMessages.Entry entry : stored.intentions()) {
                intentions.add(entry.toIntention());
            }
            return Optional.of(new Content(stored.store(), stored.version(), List.copyOf(intentions)));
        } catch (IllegalArgumentException e) {
            throw new IOException(file.path() + ": " + e.getMessage(), e);
        }
    }

    DurableFile file() {
        return file;
    }
}
