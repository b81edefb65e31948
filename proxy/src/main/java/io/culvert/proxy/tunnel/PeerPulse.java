package io.culvert.proxy.tunnel;

import java.time.Duration;

/**
 * Tells a peer that is gone from one that is slow. The kernel gives a peer that no longer acknowledges some fifteen minutes;
 * and what it offers to shorten that (TCP_USER_TIMEOUT) also cuts peers that are alive and only do not read. The difference
 * shows in TCP's own figures: who lives acknowledges, data or the probes of a closed window. Pure.
 */
final class PeerPulse {
    /** Between two looks, which are a system call each; streams that send nothing are not looked at. */
    private static final long LOOK_NANOS = Duration.ofSeconds(5).toNanos();

    private static final Duration SILENCE = Duration.ofSeconds(30);
    private static final int UNANSWERED_PROBES = 5;

    private boolean owed;
    private long owedSince;
    private long lookedAt;

    /**
     * What TCP says of a connection, in the words of tcp(7).
     *
     * @param unacked segments sent and not acknowledged
     * @param sinceAckMillis since the last acknowledgement came
     * @param probes of a closed window that were not answered
     */
    record Figures(long unacked, long sinceAckMillis, long probes) {}

    /** Something was sent, which is to be acknowledged. */
    void sent(long now) {
        if (!owed) {
            owed = true;
            owedSince = now;
            lookedAt = now;
        }
    }

    /** Whether it is time for {@link #isGone}. */
    boolean isDue(long now) {
        return owed && now - lookedAt >= LOOK_NANOS;
    }

    /** @param queued whether something waits in this process still */
    boolean isGone(Figures figures, boolean queued, long now) {
        lookedAt = now;
        if (figures.probes() >= UNANSWERED_PROBES) {
            return true;
        }
        if (figures.unacked() == 0) {
            owed = queued;
            return false;
        }
        // The last acknowledgement of a stream that was idle is old without anything being owed.
        return now - owedSince > SILENCE.toNanos() && figures.sinceAckMillis() > SILENCE.toMillis();
    }
}
