package io.culvert.agent.loopback;

import io.culvert.agent.files.DurableFile;
import io.culvert.catalog.CatalogChange;
import io.culvert.catalog.CatalogService;
import io.culvert.catalog.CatalogView;
import io.culvert.catalog.LoopbackPool;
import io.culvert.catalog.LoopbackTable;
import io.culvert.catalog.ServiceName;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives every mesh service of the catalogue its loopback address. Subscribe it before everything that reads the table on a
 * change: it runs on the catalogue writer's thread and has the table ready when the next listener is called. The file is
 * written later, on {@code writer}.
 */
public final class LoopbackKeeper implements Supplier<LoopbackTable>, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(LoopbackKeeper.class);

    /** Names that are remembered; beyond, those that nobody serves any more are forgotten. */
    private static final int REMEMBERED = 65_536;

    private static final long LARGEST_FILE = 32L * 1024 * 1024;

    private final Optional<DurableFile> file;
    private final Executor writer;
    private final AtomicBoolean writing = new AtomicBoolean();
    private final CatalogView.Subscription subscription;
    private volatile LoopbackTable table; // written on the catalogue writer's thread, and by the constructor

    /**
     * @param file where the table is kept; nothing: in memory
     * @param writer may block
     */
    public LoopbackKeeper(CatalogView catalog, LoopbackPool pool, Optional<DurableFile> file, Executor writer)
            throws IOException {
        this.file = file;
        this.writer = writer;
        this.table = read(pool, file);
        this.subscription = catalog.subscribe(this::changed);
    }

    @Override
    public LoopbackTable get() {
        return table;
    }

    @Override
    public void close() {
        subscription.close();
    }

    private void changed(CatalogChange change) {
        LoopbackTable before = table;
        LoopbackTable after = before;
        for (ServiceName name : change.services()) {
            Optional<CatalogService> service = change.after().service(name).filter(CatalogService::isMesh);
            if (service.isPresent()) {
                after = after.with(service.get().name(), service.get().firstRegistered());
            }
        }
        if (after.entries().size() > REMEMBERED) {
            Set<ServiceName> served = change.after().services().stream()
                    .filter(CatalogService::isMesh)
                    .map(CatalogService::name)
                    .collect(Collectors.toSet());
            log.atInfo()
                    .addKeyValue("remembered", after.entries().size())
                    .addKeyValue("kept", served.size())
                    .log("loopback addresses of services long gone are forgotten");
            after = after.retain(served);
        }
        if (after != before) {
            table = after;
            writeSoon();
        }
    }

    /** One write at a time, always of the newest table. */
    private void writeSoon() {
        if (file.isPresent() && writing.compareAndSet(false, true)) {
            writer.execute(() -> {
                writing.set(false);
                write(file.get(), table);
            });
        }
    }

    private static void write(DurableFile file, LoopbackTable table) {
        String text = table.entries().stream()
                .sorted(java.util.Comparator.comparing(LoopbackTable.Entry::name))
                .map(entry -> entry.name() + " " + entry.firstRegistered() + " " + entry.address() + "\n")
                .collect(Collectors.joining());
        try {
            file.write(text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            log.atWarn()
                    .addKeyValue("file", file.path())
                    .setCause(e)
                    .log("loopback table not written; addresses may change at the next start");
        }
    }

    /** The addresses in the file are for people: what counts are names and ages, from which the table follows. */
    private static LoopbackTable read(LoopbackPool pool, Optional<DurableFile> file) throws IOException {
        LoopbackTable table = LoopbackTable.empty(pool);
        Optional<byte[]> bytes = file.isEmpty() ? Optional.empty() : file.get().read(LARGEST_FILE);
        if (bytes.isEmpty()) {
            return table;
        }
        try {
            for (String line :
                    new String(bytes.get(), StandardCharsets.UTF_8).lines().toList()) {
                String[] words = line.split(" ", 3);
                if (words.length < 2) {
                    throw new IllegalArgumentException("line '" + line + "' (expected: name, seconds, address)");
                }
                table = table.with(new ServiceName(words[0]), Long.parseLong(words[1]));
            }
            return table;
        } catch (IllegalArgumentException e) {
            log.atWarn()
                    .addKeyValue("file", file.get().path())
                    .addKeyValue("aside", file.get().setAside())
                    .setCause(e)
                    .log("loopback table damaged; set aside and made anew from the catalogue");
            return LoopbackTable.empty(pool);
        }
    }
}
