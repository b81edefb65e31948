package io.culvert.identity.authority;

import java.time.Duration;

/**
 * How long certificates live.
 *
 * @param leafLife of agents' and services' certificates; default 72 h, 1 minute to 1 year. Shorter: a stolen key is
 *     worth less; longer: the mesh bears a longer absence of its servers (about a third of it)
 */
public record AuthoritySettings(Duration leafLife) {
    static final Duration ROOT_LIFE = Duration.ofDays(3_650);

    /** Hosts' clocks differ a little: a new certificate is valid from a minute ago. */
    static final Duration BACKDATE = Duration.ofMinutes(1);

    private static final Duration SHORTEST = Duration.ofMinutes(1);
    private static final Duration LONGEST = Duration.ofDays(365);

    // Stands after the bounds it is checked against.
    public static final AuthoritySettings DEFAULT = new AuthoritySettings(Duration.ofHours(72));

    public AuthoritySettings {
        if (leafLife.compareTo(SHORTEST) < 0 || leafLife.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(
                    "leaf life: " + leafLife + " (expected: " + SHORTEST + " to " + LONGEST + ")");
        }
    }
}
