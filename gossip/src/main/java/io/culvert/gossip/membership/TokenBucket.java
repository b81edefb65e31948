package io.culvert.gossip.membership;

/** So many tokens a second, so many at once. */
public final class TokenBucket {
    private static final double NANOS_A_SECOND = 1e9;

    private final double perSecond;
    private final double capacity;
    private double tokens;
    private long filledAt;

    /** A full bucket. */
    public TokenBucket(double perSecond, double capacity, long now) {
        this.perSecond = perSecond;
        this.capacity = capacity;
        this.tokens = capacity;
        this.filledAt = now;
    }

    /** Takes {@code count} tokens if they are there. */
    public boolean tryTake(double count, long now) {
        fill(now);
        if (tokens < count) {
            return false;
        }
        tokens -= count;
        return true;
    }

    /** Whole tokens that could be taken. */
    public int available(long now) {
        fill(now);
        return (int) tokens;
    }

    /** Empties it. */
    public void drain() {
        tokens = 0;
    }

    /** Whether nothing was taken for so long that it is as good as a new one. */
    boolean isFull(long now) {
        fill(now);
        return tokens >= capacity;
    }

    private void fill(long now) {
        if (now > filledAt) {
            tokens = Math.min(capacity, tokens + (now - filledAt) / NANOS_A_SECOND * perSecond);
            filledAt = now;
        }
    }
}
