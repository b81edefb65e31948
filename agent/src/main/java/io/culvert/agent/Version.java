package io.culvert.agent;

/** What this build calls itself. */
public final class Version {
    public static final String CURRENT = "0.1.0";

    private Version() {}
}
