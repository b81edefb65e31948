package io.culvert.gossip.storage;

import io.culvert.gossip.files.DurableFile;
import io.culvert.gossip.wire.Incarnation;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/**
 * The epoch of the last start, one decimal number. The next one is larger than it and than the Unix time in seconds, so
 * that it grows also when this file is lost or the wall clock is set back.
 */
public final class EpochFile {
    private static final int LONGEST = 32;

    private final Path file;

    public EpochFile(Path file) {
        this.file = file;
    }

    /** The epoch of this start, already on disk. */
    public long next(long wallSeconds) throws IOException {
        long epoch = Math.min(Incarnation.MAX_EPOCH, Math.max(last() + 1, Math.max(1, wallSeconds)));
        store(epoch);
        return epoch;
    }

    public void store(long epoch) throws IOException {
        DurableFile.replace(file, encode(epoch));
    }

    private long last() throws IOException {
        if (!Files.exists(file)) {
            return 0;
        }
        OptionalLong epoch = decode(DurableFile.read(file, LONGEST));
        if (epoch.isPresent()) {
            return epoch.getAsLong();
        }
        DamagedFiles.setAside(file, "not an epoch", "the epoch of this start comes from the clock");
        return 0;
    }

    /** Reads any bytes; empty when they are no epoch. */
    static OptionalLong decode(byte[] content) {
        try {
            long epoch = Long.parseLong(new String(content, StandardCharsets.US_ASCII).strip());
            return epoch >= 0 && epoch <= Incarnation.MAX_EPOCH ? OptionalLong.of(epoch) : OptionalLong.empty();
        } catch (NumberFormatException notANumber) {
            return OptionalLong.empty();
        }
    }

    static byte[] encode(long epoch) {
        return (epoch + "\n").getBytes(StandardCharsets.US_ASCII);
    }
}
