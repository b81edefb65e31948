package io.culvert.gossip;

import io.culvert.gossip.storage.EpochFile;
import io.culvert.gossip.storage.SnapshotFile;
import io.culvert.gossip.wire.Frame;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** The files of this member; those that are written while the pool runs are written by {@code io}, in order. */
final class PoolStorage {
    private final EpochFile epoch;
    private final SnapshotFile snapshot;
    private final Executor io;
    private final PoolReports reports;

    PoolStorage(Path directory, Executor io, PoolReports reports) {
        this.epoch = new EpochFile(directory.resolve("gossip-epoch"));
        this.snapshot = new SnapshotFile(directory.resolve("gossip-snapshot"));
        this.io = io;
        this.reports = reports;
    }

    /** The epoch of this start. Blocks; an epoch that cannot be stored must not be used. */
    long nextEpoch(long wallSeconds) throws IOException {
        return epoch.next(wallSeconds);
    }

    /** What was known when the last process ended. Blocks. */
    List<Frame> lastKnown() throws IOException {
        return snapshot.load();
    }

    /** Any thread. */
    void storeEpoch(long value) {
        io.execute(() -> {
            try {
                epoch.store(value);
            } catch (IOException failed) {
                reports.storageFailed("gossip epoch", failed);
            }
        });
    }

    /** Any thread. */
    void storeSnapshot(List<? extends Frame> frames) {
        io.execute(() -> {
            try {
                snapshot.store(frames);
            } catch (IOException failed) {
                reports.storageFailed("gossip snapshot", failed);
            }
        });
    }

    /** Waits until all that was to be stored so far is on disk. */
    void awaitStored(long seconds) {
        FutureTask<@Nullable Void> fence = new FutureTask<>(() -> null);
        io.execute(fence);
        try {
            fence.get(seconds, TimeUnit.SECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException late) {
            reports.storageFailed("gossip files of a pool that ends; those before are still there", late);
        }
    }
}
