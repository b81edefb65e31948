package io.culvert.dns;

import io.culvert.dns.core.Transport;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** Counts what the server reports. */
final class CountingListener implements DnsListener {
    private final Map<Object, LongAdder> counts = new ConcurrentHashMap<>();

    long count(Object what) {
        return counts.getOrDefault(what, new LongAdder()).sum();
    }

    @Override
    public void answered(Transport transport, int rcode) {
        add(transport);
    }

    @Override
    public void dropped(DropReason reason) {
        add(reason);
    }

    @Override
    public void forwarded(ForwardResult result) {
        add(result);
    }

    private void add(Object what) {
        counts.computeIfAbsent(what, key -> new LongAdder()).increment();
    }
}
