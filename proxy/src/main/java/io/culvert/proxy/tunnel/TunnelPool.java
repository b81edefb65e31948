package io.culvert.proxy.tunnel;

import io.culvert.identity.WorkloadCertificate;
import io.culvert.proxy.ProxySettings;
import io.culvert.proxy.relay.Wiring;
import io.culvert.proxy.stream.ClientConnection;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The tunnel connections of one event loop. Last in, first out, so that few stay in use and the rest grow old; a stream
 * that finds none waits for whichever comes first, a returned connection or a new one. Confined to its loop.
 */
final class TunnelPool {
    private final EventLoop loop;
    private final ProxySettings settings;
    private final Wiring wiring;
    private final TunnelConnector connector;
    private final PoolCounts counts;
    private final Map<PoolKey, Slot> slots = new HashMap<>();
    private final Set<ClientTunnel> all = new HashSet<>();
    private boolean closed;

    /** A stream in need of a connection. Exactly one call, unless cancelled. */
    interface Waiter {
        void acquired(ClientTunnel tunnel);

        void failed(ConnectFailure failure);
    }

    /** All connections of one key. */
    private static final class Slot {
        final Deque<ClientTunnel> idle = new ArrayDeque<>();
        final Deque<Waiting> waiting = new ArrayDeque<>();
        int connecting;

        boolean isEmpty() {
            return idle.isEmpty() && waiting.isEmpty() && connecting == 0;
        }
    }

    private record Waiting(Waiter waiter, WorkloadCertificate own) {}

    TunnelPool(EventLoop loop, ProxySettings settings, Wiring wiring, TunnelConnector connector, PoolCounts counts) {
        this.loop = loop;
        this.settings = settings;
        this.wiring = wiring;
        this.connector = connector;
        this.counts = counts;
    }

    /**
     * Finds a connection or makes one.
     *
     * @param own the certificate of the generation that {@code key} names
     * @param fresh whether only a new connection will do
     */
    void acquire(PoolKey key, WorkloadCertificate own, boolean fresh, Waiter waiter) {
        assert loop.inEventLoop() : "called from " + Thread.currentThread().getName();
        Slot slot = slots.computeIfAbsent(key, absent -> new Slot());
        ClientTunnel idle = fresh ? null : takeIdle(slot);
        if (idle != null) {
            counts.hit();
            waiter.acquired(idle);
            return;
        }
        counts.miss();
        if (fresh) {
            connect(key, slot, own, waiter);
            return;
        }
        slot.waiting.add(new Waiting(waiter, own));
        connectForWaiters(key, slot);
    }

    /** The stream does not need a connection any more. */
    void cancel(PoolKey key, Waiter waiter) {
        Slot slot = slots.get(key);
        if (slot != null) {
            slot.waiting.removeIf(waiting -> waiting.waiter() == waiter);
            forgetIfEmpty(key, slot);
        }
    }

    /** {@code tunnel} can carry its next stream. */
    void returned(ClientTunnel tunnel) {
        Slot slot = slots.computeIfAbsent(tunnel.key(), absent -> new Slot());
        Waiting next = slot.waiting.poll();
        if (next != null) {
            next.waiter().acquired(tunnel);
            return;
        }
        if (closed || settings.burstPerKey() == 0 || !counts.mayBeIdle(settings.idleInAll())) {
            forgetIfEmpty(tunnel.key(), slot);
            tunnel.retire();
            return;
        }
        slot.idle.push(tunnel);
        counts.idle(1);
        if (slot.idle.size() > settings.burstPerKey()) {
            retireOldest(slot);
        }
    }

    /** {@code tunnel} has been idle for longer than a burst lasts: it stays only among the few that are kept. */
    void aged(ClientTunnel tunnel) {
        Slot slot = slots.get(tunnel.key());
        if (slot != null && slot.idle.size() > settings.idlePerKey() && slot.idle.peekLast() == tunnel) {
            retireOldest(slot);
        }
    }

    private void retireOldest(Slot slot) {
        ClientTunnel oldest = slot.idle.removeLast();
        counts.idle(-1);
        oldest.retire();
    }

    /** {@code tunnel} is closed. */
    void gone(ClientTunnel tunnel) {
        if (all.remove(tunnel)) {
            counts.open(-1);
        }
        Slot slot = slots.get(tunnel.key());
        if (slot != null) {
            if (slot.idle.remove(tunnel)) {
                counts.idle(-1);
            }
            forgetIfEmpty(tunnel.key(), slot);
        }
    }

    /** No further stream on connections that {@code which} holds for. */
    void retire(Predicate<ClientTunnel> which) {
        for (ClientTunnel tunnel : List.copyOf(all)) {
            if (which.test(tunnel)) {
                tunnel.retire();
            }
        }
    }

    /** Every connection, for those who have to look at each. */
    List<ClientTunnel> tunnels() {
        return new ArrayList<>(all);
    }

    /** No connection stays idle from now on. */
    void close() {
        closed = true;
        retire(tunnel -> true);
    }

    private @Nullable ClientTunnel takeIdle(Slot slot) {
        for (ClientTunnel idle = slot.idle.poll(); idle != null; idle = slot.idle.poll()) {
            counts.idle(-1);
            if (idle.machine.mayOpen() && idle.channel.isActive()) {
                return idle;
            }
        }
        return null;
    }

    private void connectForWaiters(PoolKey key, Slot slot) {
        int wanted = Math.min(slot.waiting.size(), settings.handshakesPerKey());
        Waiting newest = slot.waiting.peekLast();
        while (newest != null && slot.connecting < wanted) {
            connect(key, slot, newest.own(), null);
        }
    }

    /** @param only who gets the connection; null: the first who waits then */
    private void connect(PoolKey key, Slot slot, WorkloadCertificate own, @Nullable Waiter only) {
        slot.connecting++;
        connector.connect(loop, key, own, new TunnelConnector.Outcome() {
            @Override
            public void connected(Channel channel, ClientConnection machine) {
                slot.connecting--;
                adopt(key, new ClientTunnel(key, TunnelPool.this, machine, channel, wiring), only);
            }

            @Override
            public void failed(ConnectFailure failure) {
                slot.connecting--;
                Waiting next = only == null ? slot.waiting.poll() : null;
                Waiter told = next == null ? only : next.waiter();
                if (told != null) {
                    told.failed(failure);
                }
                connectForWaiters(key, slot);
                forgetIfEmpty(key, slot);
            }
        });
    }

    private void adopt(PoolKey key, ClientTunnel tunnel, @Nullable Waiter only) {
        all.add(tunnel);
        counts.open(1);
        tunnel.install();
        // Our HELLO and the first OPEN leave in one write; without a taker the server's HELLO brings it to the pool.
        tunnel.batched(() -> {
            tunnel.connected();
            Slot slot = slots.computeIfAbsent(key, absent -> new Slot());
            Waiting next = only == null ? slot.waiting.poll() : null;
            Waiter taker = next == null ? only : next.waiter();
            if (taker != null) {
                taker.acquired(tunnel);
            }
        });
    }

    private void forgetIfEmpty(PoolKey key, Slot slot) {
        if (slot.isEmpty()) {
            slots.remove(key, slot);
        }
    }
}
