package io.culvert.gossip.membership;

/**
 * Lifeguard's local health multiplier: how much of what looks like others' failure is our own. 0 is well; waits are
 * multiplied by score + 1.
 */
final class LocalHealth {
    private final int worst;
    private int score;

    LocalHealth(int worst) {
        this.worst = worst;
    }

    int score() {
        return score;
    }

    long scaled(long nanos) {
        return nanos * (score + 1);
    }

    void probeAnswered() {
        add(-1);
    }

    /** Helpers that do not even say that they failed: our own network or processor is what is slow. */
    void probeFailed(int nacksExpected, int nacksReceived) {
        add(nacksExpected > 0 ? nacksExpected - nacksReceived : 1);
    }

    void hadToRefute() {
        add(1);
    }

    void wasLate() {
        add(1);
    }

    private void add(int delta) {
        score = Math.max(0, Math.min(worst, score + delta));
    }
}
