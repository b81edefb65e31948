package io.culvert.agent.config.watch;

import io.culvert.catalog.clock.MonotonicClock;
import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls back when service files change: at once where the kernel tells, and by looking again from time to time where it does not (network
 * file systems, targets of symbolic links). Directories may come, go and be renamed; what is missing is waited for at its nearest
 * parent that exists.
 */
public final class ConfigWatcher implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(ConfigWatcher.class);

    private final List<Path> sources;
    private final Pace pace;
    private final MonotonicClock clock;
    private final Runnable onChange;
    private final WatchService service;
    private final Thread thread;
    private final AtomicBoolean closed = new AtomicBoolean();
    private final Map<Path, WatchKey> watched = new HashMap<>();
    private Fingerprint known;

    /**
     * How eager the watcher is.
     *
     * @param debounce how long to collect events before calling back: an editor makes several for one file
     * @param rescan how often to look without being told
     */
    public record Pace(Duration debounce, Duration rescan) {
        /** A file takes effect within a second; looking every 5 s costs one {@code stat} a file. */
        public static final Pace DEFAULT = new Pace(Duration.ofMillis(150), Duration.ofSeconds(5));
    }

    private ConfigWatcher(
            List<Path> sources, Pace pace, MonotonicClock clock, Runnable onChange, WatchService service) {
        this.sources =
                sources.stream().map(Path::toAbsolutePath).map(Path::normalize).toList();
        this.pace = pace;
        this.clock = clock;
        this.onChange = onChange;
        this.service = service;
        this.known = Fingerprint.of(this.sources);
        this.thread = new Thread(this::run, "culvert-config-watch");
    }

    /**
     * Starts watching.
     *
     * @param sources directories and files; they need not exist
     * @param onChange called on the watcher's own thread, never twice at once; what it throws is logged and does not end the watching
     */
    public static ConfigWatcher start(List<Path> sources, Pace pace, MonotonicClock clock, Runnable onChange)
            throws IOException {
        ConfigWatcher watcher = new ConfigWatcher(
                sources, pace, clock, onChange, FileSystems.getDefault().newWatchService());
        watcher.register();
        // Between the first look and the registration something may have happened already.
        watcher.known = Fingerprint.of(watcher.sources);
        watcher.thread.setDaemon(true);
        watcher.thread.start();
        return watcher;
    }

    /** Stops; no call back begins after it returns, unless it is called by the call back itself. */
    @Override
    public void close() throws IOException {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        service.close();
        if (!Thread.currentThread().equals(thread)) {
            joinThread();
        }
    }

    private void joinThread() {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try {
            while (!closed.get()) {
                boolean told = awaitEvents();
                register();
                look(told);
            }
        } catch (ClosedWatchServiceException end) {
            log.atDebug().log("config watch ended");
        } catch (InterruptedException end) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits for an event, then for as long as the debounce lasts; false when only the time for a rescan has come. */
    private boolean awaitEvents() throws InterruptedException {
        WatchKey first = service.poll(pace.rescan().toNanos(), TimeUnit.NANOSECONDS);
        if (first == null) {
            return false;
        }
        boolean told = drain(first);
        long begun = clock.nanos();
        long left = pace.debounce().toNanos();
        while (left > 0) {
            WatchKey key = service.poll(left, TimeUnit.NANOSECONDS);
            if (key != null) {
                told |= drain(key);
            }
            left = pace.debounce().toNanos() - (clock.nanos() - begun);
        }
        return told;
    }

    /** Whether an event tells of the content of a service file; other events may still tell of a directory. */
    private boolean drain(WatchKey key) {
        boolean told = false;
        for (WatchEvent<?> event : key.pollEvents()) {
            boolean overflow = event.kind() == StandardWatchEventKinds.OVERFLOW;
            told |= overflow || (event.context() instanceof Path name && isSource(key, name));
        }
        key.reset();
        return told;
    }

    private boolean isSource(WatchKey key, Path name) {
        if (!(key.watchable() instanceof Path directory)) {
            return false;
        }
        boolean inSource = sources.contains(directory) && WatchedNames.isServiceFile(name);
        return inSource || sources.contains(directory.resolve(name));
    }

    private void look(boolean told) {
        Fingerprint now = Fingerprint.of(sources);
        if (!told && now.equals(known)) {
            return;
        }
        known = now;
        try {
            onChange.run();
        } catch (RuntimeException e) {
            log.atError().setCause(e).log("reload after a change of files failed");
        }
    }

    /** Watches each directory that exists, and the nearest existing parent of what does not. */
    private void register() {
        Set<Path> wanted = new HashSet<>();
        for (Path source : sources) {
            Path parent = source.getParent();
            if (Files.isDirectory(source)) {
                wanted.add(source);
            }
            // The parent tells when a directory is renamed, removed, or made again under the same name.
            for (Path above = parent; above != null; above = above.getParent()) {
                if (Files.isDirectory(above)) {
                    wanted.add(above);
                    break;
                }
            }
        }
        watched.entrySet().removeIf(entry -> {
            boolean gone = !wanted.contains(entry.getKey()) || !entry.getValue().isValid();
            if (gone) {
                entry.getValue().cancel();
            }
            return gone;
        });
        wanted.forEach(this::watch);
    }

    private void watch(Path directory) {
        try {
            // Registering again is harmless, and follows a directory that was replaced under its name.
            WatchKey key = directory.register(
                    service,
                    StandardWatchEventKinds.ENTRY_CREATE,
                    StandardWatchEventKinds.ENTRY_DELETE,
                    StandardWatchEventKinds.ENTRY_MODIFY);
            WatchKey before = watched.put(directory, key);
            if (before != null && !before.equals(key)) {
                before.cancel();
            }
        } catch (IOException e) {
            watched.remove(directory);
            log.atDebug()
                    .addKeyValue("directory", directory)
                    .setCause(e)
                    .log("cannot watch; looking from time to time");
        }
    }
}
