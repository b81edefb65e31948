package io.culvert.health.probe;

import io.netty.util.NetUtil;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The system's name resolution, which blocks, on threads where it may. Checks that wait for the same name wait for one
 * look-up. The JDK remembers answers for 30 s.
 */
final class HostLookup implements AutoCloseable {
    /** A name server that does not answer holds a thread for seconds; four let other names pass. */
    private static final int THREADS = 4;

    /** Different names that wait; beyond it a look-up fails at once. */
    private static final int MOST_WAITING = 1_024;

    private static final long IDLE_SECONDS = 30;

    private final Map<String, CompletableFuture<List<InetAddress>>> pending = new ConcurrentHashMap<>();
    private final ThreadPoolExecutor threads;

    HostLookup() {
        threads = new ThreadPoolExecutor(
                THREADS,
                THREADS,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(MOST_WAITING),
                new DefaultThreadFactory("health-lookup", true));
        threads.allowCoreThreadTimeOut(true);
    }

    /** All addresses of {@code host} in the system's order. Never blocks. */
    CompletionStage<List<InetAddress>> addresses(String host) {
        byte[] literal = NetUtil.createByteArrayFromIpAddressString(host);
        if (literal != null) {
            return CompletableFuture.completedFuture(List.of(literalAddress(literal)));
        }
        CompletableFuture<List<InetAddress>> mine = new CompletableFuture<>();
        CompletableFuture<List<InetAddress>> others = pending.putIfAbsent(host, mine);
        if (others != null) {
            return others;
        }
        try {
            threads.execute(() -> resolve(host, mine));
        } catch (RejectedExecutionException e) {
            pending.remove(host, mine);
            mine.completeExceptionally(
                    new UnknownHostException("host '" + host + "' (" + MOST_WAITING + " other names are waiting)"));
        }
        return mine;
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }

    private void resolve(String host, CompletableFuture<List<InetAddress>> answer) {
        try {
            List<InetAddress> addresses = List.of(InetAddress.getAllByName(host));
            pending.remove(host, answer);
            answer.complete(addresses);
        } catch (UnknownHostException e) {
            pending.remove(host, answer);
            answer.completeExceptionally(new UnknownHostException("host '" + host + "'"));
        }
    }

    private static InetAddress literalAddress(byte[] address) {
        try {
            return InetAddress.getByAddress(address);
        } catch (UnknownHostException e) {
            throw new IllegalStateException(address.length + " bytes are no address, though just read as one", e);
        }
    }
}
