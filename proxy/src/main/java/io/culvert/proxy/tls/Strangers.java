package io.culvert.proxy.tls;

import io.culvert.catalog.clock.MonotonicClock;
import io.culvert.catalog.clock.OncePer;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts those who were not let in, and logs each reason at each peer address at most once a minute, so that a flood
 * cannot fill a disk and a scanner cannot hide a thief behind it. Any thread.
 */
public final class Strangers {
    private static final Logger log = LoggerFactory.getLogger(Strangers.class);
    private static final Duration QUIET = Duration.ofMinutes(1);

    /** Addresses with their reasons that are remembered: half a megabyte in the worst case. */
    private static final int MOST_REMEMBERED = 4_096;

    private final LongAdder[] counts = new LongAdder[StrangerReason.values().length];
    private final OncePer logged;

    private record Refusal(String address, StrangerReason reason) {}

    public Strangers(MonotonicClock clock) {
        this.logged = new OncePer(QUIET, MOST_REMEMBERED, clock);
        for (int i = 0; i < counts.length; i++) {
            counts[i] = new LongAdder();
        }
    }

    /**
     * Somebody was turned away.
     *
     * @param detail for people; never holds a secret, may hold what the peer sent
     */
    public void refused(StrangerReason reason, SocketAddress peer, String detail) {
        counts[reason.ordinal()].increment();
        String address = address(peer);
        if (logged.passes(new Refusal(address, reason))) {
            log.atWarn()
                    .addKeyValue("peer", address)
                    .addKeyValue("reason", reason.word())
                    .addKeyValue("detail", printable(detail))
                    .log("connection to the TLS port refused");
        }
    }

    /** How many were turned away since the start, by reason; reasons that never occurred are 0. */
    public Map<StrangerReason, Long> counts() {
        Map<StrangerReason, Long> all = new EnumMap<>(StrangerReason.class);
        for (StrangerReason reason : StrangerReason.values()) {
            all.put(reason, counts[reason.ordinal()].sum());
        }
        return all;
    }

    private static String address(SocketAddress peer) {
        return peer instanceof InetSocketAddress inet && inet.getAddress() != null
                ? inet.getAddress().getHostAddress()
                : String.valueOf(peer);
    }

    private static String printable(String detail) {
        int longest = 300;
        String shortened = detail.length() > longest ? detail.substring(0, longest) : detail;
        return shortened.replaceAll("\\p{Cntrl}", "?");
    }
}
