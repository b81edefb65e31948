package io.culvert.proxy.local;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the user behind a local TCP connection in {@code /proc/net/tcp} and {@code tcp6}. One read takes milliseconds, so
 * it happens on a thread of its own, and one read answers all who asked before it began; nothing is remembered from one
 * read to the next. Any thread.
 */
public final class CallerLookup implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(CallerLookup.class);

    /** Questions that may wait; further ones are answered "unknown". */
    private static final int MOST_WAITING = 1_024;

    private static final int UID = 7;
    private static final int INODE = 9;

    private final Path net;
    private final BlockingQueue<Question> waiting = new ArrayBlockingQueue<>(MOST_WAITING);
    private final AtomicBoolean reading = new AtomicBoolean();
    private final ExecutorService worker = Executors.newSingleThreadExecutor(task -> {
        Thread thread = new Thread(task, "culvert-callers");
        thread.setDaemon(true);
        return thread;
    });

    private record Question(SocketPair pair, CompletableFuture<CallerUid> answer) {}

    public CallerLookup() {
        this(Path.of("/proc/net"));
    }

    CallerLookup(Path net) {
        this.net = net;
    }

    /**
     * Who connected. Ask right after the accept; the stage completes on this class's thread.
     *
     * @param caller the remote address of the accepted socket
     * @param listener its local address
     */
    public CompletionStage<CallerUid> find(java.net.InetSocketAddress caller, java.net.InetSocketAddress listener) {
        CompletableFuture<CallerUid> answer = new CompletableFuture<>();
        if (!waiting.offer(new Question(new SocketPair(caller, listener), answer))) {
            answer.complete(CallerUid.unknown("more than " + MOST_WAITING + " callers at once"));
        } else {
            wake();
        }
        return answer;
    }

    @Override
    public void close() {
        worker.shutdownNow();
        answerAll(drain(), "the agent is stopping");
    }

    private void wake() {
        if (reading.compareAndSet(false, true)) {
            try {
                worker.execute(this::work);
            } catch (RejectedExecutionException e) {
                answerAll(drain(), "the agent is stopping");
            }
        }
    }

    private void work() {
        List<Question> batch = drain();
        try {
            answer(batch);
        } catch (IOException e) {
            log.atError().addKeyValue("directory", net).setCause(e).log("callers cannot be looked up");
            answerAll(batch, net + " cannot be read");
        } finally {
            reading.set(false);
            if (!waiting.isEmpty()) {
                wake();
            }
        }
    }

    private void answer(List<Question> batch) throws IOException {
        Map<String, Question> byRow = new HashMap<>();
        for (Question question : batch) {
            question.pair().rows().forEach(row -> byRow.put(row, question));
        }
        scan("tcp", byRow);
        if (batch.stream().anyMatch(question -> !question.answer().isDone())) {
            scan("tcp6", byRow);
        }
        answerAll(batch, "the caller's socket is not on this host, or closed already");
    }

    private void scan(String table, Map<String, Question> byRow) throws IOException {
        try (BufferedReader lines = Files.newBufferedReader(net.resolve(table), StandardCharsets.US_ASCII)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                int start = line.indexOf(": ");
                int end = start < 0 ? -1 : line.indexOf(' ', line.indexOf(' ', start + 2) + 1);
                Question question = end < 0 ? null : byRow.get(line.substring(start + 2, end + 1));
                if (question != null) {
                    question.answer().complete(read(line));
                }
            }
        } catch (NoSuchFileException e) {
            log.atDebug().addKeyValue("file", e.getFile()).log("no such table"); // a kernel without IPv6
        }
    }

    private static CallerUid read(String line) {
        String[] fields = line.strip().split(" +");
        try {
            return fields.length > INODE
                    ? CallerUid.of(Integer.parseUnsignedInt(fields[UID]), Long.parseLong(fields[INODE]))
                    : CallerUid.unknown("the kernel's table has an unknown form");
        } catch (NumberFormatException e) {
            return CallerUid.unknown("the kernel's table has an unknown form");
        }
    }

    private List<Question> drain() {
        List<Question> batch = new ArrayList<>();
        waiting.drainTo(batch);
        return batch;
    }

    private static void answerAll(List<Question> batch, String reason) {
        batch.forEach(question -> question.answer().complete(CallerUid.unknown(reason)));
    }
}
