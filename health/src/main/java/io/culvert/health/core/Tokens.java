package io.culvert.health.core;

/** Numbers runs and timers; no number is given twice in the life of a schedule. */
final class Tokens {
    private long serial;

    RunToken run(String checkId) {
        return new RunToken(checkId, ++serial);
    }

    TimerToken timer(String checkId, TimerToken.Purpose purpose) {
        return new TimerToken(checkId, purpose, ++serial);
    }
}
