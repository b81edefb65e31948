package io.culvert.testbed.load;

import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * {@code LoadClient STOPFILE PAUSE SERVICE=ADDRESS:PORT...}: asks on several threads, with so many ms between an answer and
 * the next question, until the file is there, then prints what came. While it runs it prints {@code t MILLIS SERVICE HOST}
 * for answers that were whole and right, and {@code failed MILLIS SERVICE refused} or {@code reset} for the others: refused
 * is that nobody listened, reset that somebody accepted and the answer did not come.
 */
public final class LoadClient {
    private static final int THREADS = 8;
    private static final long REPORT_MILLIS = 50;
    private static final int LONGEST = 256 * 1024;
    private static final int TIMEOUT_MILLIS = 20_000;

    private final long pauseMillis;
    private final List<String[]> services;
    private final AtomicBoolean stop = new AtomicBoolean();
    private final AtomicLong numbers = new AtomicLong();
    private final Map<String, Long> reported = new ConcurrentHashMap<>();
    private final AtomicLong whole = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();
    private final AtomicLong refused = new AtomicLong(); // among those that failed
    private final AtomicLong wrong = new AtomicLong();
    private final AtomicLong truncated = new AtomicLong();

    private LoadClient(long pauseMillis, List<String[]> services) {
        this.pauseMillis = pauseMillis;
        this.services = services;
    }

    public static void main(String[] arguments) throws InterruptedException {
        List<String[]> services = new ArrayList<>();
        for (int i = 2; i < arguments.length; i++) {
            services.add(arguments[i].split("[=:]"));
        }
        new LoadClient(Long.parseLong(arguments[1]), services).run(Path.of(arguments[0]));
    }

    private void run(Path stopFile) throws InterruptedException {
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            SplittableRandom random = new SplittableRandom(i);
            Thread thread = new Thread(() -> askUntilStopped(random));
            thread.start();
            threads.add(thread);
        }
        while (!Files.exists(stopFile)) {
            Thread.sleep(50);
        }
        stop.set(true);
        for (Thread thread : threads) {
            thread.join();
        }
        System.out.println("whole=" + whole + " failed=" + failed + " wrong=" + wrong + " truncated=" + truncated
                + " refused=" + refused);
    }

    private void askUntilStopped(SplittableRandom random) {
        try {
            while (!stop.get()) {
                askOnce(random);
                Thread.sleep(pauseMillis);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void askOnce(SplittableRandom random) {
        String[] service = services.get(random.nextInt(services.size()));
        try {
            ask(service, numbers.incrementAndGet(), random.nextInt(LONGEST));
        } catch (ConnectException e) {
            refused.incrementAndGet();
            failed(service, "refused");
        } catch (IOException e) {
            failed(service, "reset");
        }
    }

    /** Said plainly, hence allowed. */
    private void failed(String[] service, String how) {
        failed.incrementAndGet();
        report("failed", service[0] + " " + how);
    }

    /** At most one line in 50 ms for each of a kind: fine enough for gaps, small enough to be read again and again. */
    private void report(String kind, String what) {
        long now = System.currentTimeMillis();
        reported.compute(kind + what, (key, last) -> {
            if (last != null && now - last < REPORT_MILLIS) {
                return last;
            }
            System.out.println(kind + " " + now + " " + what);
            return now;
        });
    }

    private void truncated(String[] service, int received, int length) {
        truncated.incrementAndGet();
        System.out.println(
                "truncated " + System.currentTimeMillis() + " " + service[0] + " " + received + " of " + length);
    }

    private void ask(String[] service, long number, int length) throws IOException {
        try (Socket socket = new Socket()) {
            socket.setSoTimeout(TIMEOUT_MILLIS);
            socket.connect(new InetSocketAddress(service[1], Integer.parseInt(service[2])), TIMEOUT_MILLIS);
            socket.getOutputStream().write((number + " " + length + "\n").getBytes(StandardCharsets.US_ASCII));
            InputStream in = socket.getInputStream();
            int first = in.read();
            if (first < 0) {
                // A clean end before any byte: an answer that is empty and looks successful.
                truncated(service, 0, length);
                return;
            }
            Answer answer = Answer.readLine(
                    new java.io.SequenceInputStream(new java.io.ByteArrayInputStream(new byte[] {(byte) first}), in));
            if (!answer.service().equals(service[0]) || answer.number() != number || answer.length() != length) {
                wrong.incrementAndGet();
                return;
            }
            byte[] body = in.readAllBytes(); // to the FIN; a reset throws
            if (answer.hasBody(body)) {
                whole.incrementAndGet();
                report("t", service[0] + " " + answer.host());
            } else if (body.length < length) {
                truncated(service, body.length, length);
            } else {
                wrong.incrementAndGet();
            }
        }
    }
}
