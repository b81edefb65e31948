package io.culvert.identity.join;

import io.culvert.identity.Fingerprint;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The tokens that were issued and what became of them. Immutable: each step gives the next ledger, which the caller puts
 * on disk before it acts. Used and expired tokens are remembered for a week, so that a late host is told why.
 */
public final class JoinTokenLedger {
    public static final JoinTokenLedger EMPTY = new JoinTokenLedger(Map.of());

    /** Tokens that may be open at once, and tokens remembered in all. */
    public static final int MOST_TOKENS = 1_024;

    static final Duration REMEMBERED = Duration.ofDays(7);
    static final Duration LONGEST_LIFE = Duration.ofDays(30);
    private static final int MOST_USES = 100_000;

    private final Map<Long, IssuedToken> tokens;

    private JoinTokenLedger(Map<Long, IssuedToken> tokens) {
        this.tokens = Map.copyOf(tokens);
    }

    /** Rebuilds a ledger from disk. */
    public static JoinTokenLedger of(Collection<IssuedToken> issued) {
        Map<Long, IssuedToken> tokens = new HashMap<>();
        issued.forEach(token -> tokens.put(token.id(), token));
        return new JoinTokenLedger(tokens);
    }

    /**
     * What a new token is to allow.
     *
     * @param addresses {@code host:port} of servers that the joining host can reach
     * @param life default 1 h, at most 30 days
     * @param uses default 1: how many hosts may join with it
     */
    public record Order(List<String> addresses, Fingerprint anchor, Duration life, int uses) {
        public static final Duration DEFAULT_LIFE = Duration.ofHours(1);

        public Order {
            addresses = List.copyOf(addresses);
            if (life.isNegative() || life.isZero() || life.compareTo(LONGEST_LIFE) > 0) {
                throw new IllegalArgumentException(
                        "life of join token: " + life + " (expected: above 0, at most " + LONGEST_LIFE + ")");
            }
            if (uses < 1 || uses > MOST_USES) {
                throw new IllegalArgumentException(
                        "uses of join token: " + uses + " (expected: 1 to " + MOST_USES + ")");
            }
        }
    }

    /** A new token and the ledger that knows it. */
    public record Issue(JoinToken token, JoinTokenLedger next) {}

    /** Throws {@link IllegalStateException} when too many tokens are open. */
    public Issue issue(Order order, SecureRandom random, Instant now) {
        JoinTokenLedger tidy = withoutOld(now);
        if (tidy.tokens.size() >= MOST_TOKENS) {
            throw new IllegalStateException(
                    MOST_TOKENS + " join tokens are open already (revoke some with 'culvert join-token revoke ID')");
        }
        byte[] secret = new byte[JoinToken.SECRET_BYTES];
        random.nextBytes(secret);
        JoinToken token = new JoinToken(order.addresses(), order.anchor(), tidy.freshId(random), secret);
        IssuedToken issued =
                new IssuedToken(token.id(), hash(secret), now, now.plus(order.life()), order.uses(), Optional.empty());
        return new Issue(token, tidy.with(issued));
    }

    /** Judges a host that shows a token's id and secret. The secret is compared in constant time and before all else. */
    public Redemption redeem(long id, byte[] secret, String node, Instant now) {
        IssuedToken token = tokens.get(id);
        if (token == null) {
            return new Redemption.Unknown(id);
        }
        if (!MessageDigest.isEqual(
                HexFormat.of().parseHex(hash(secret)), HexFormat.of().parseHex(token.secretHash()))) {
            return new Redemption.WrongSecret(id);
        }
        if (token.usesLeft() < 1) {
            return new Redemption.AlreadyUsed(id, token.lastUsedBy().orElse("unknown"));
        }
        if (!token.isLive(now)) {
            return new Redemption.Expired(id, token.expires());
        }
        return new Redemption.Accepted(with(token.usedBy(node)));
    }

    /** The ledger without this token; the same ledger when it is not known. */
    public JoinTokenLedger revoke(long id) {
        if (!tokens.containsKey(id)) {
            return this;
        }
        Map<Long, IssuedToken> rest = new HashMap<>(tokens);
        rest.remove(id);
        return new JoinTokenLedger(rest);
    }

    /** All that are remembered, the newest first. */
    public List<IssuedToken> tokens() {
        return tokens.values().stream()
                .sorted(Comparator.comparing(IssuedToken::issued).reversed().thenComparing(IssuedToken::id))
                .toList();
    }

    private JoinTokenLedger with(IssuedToken token) {
        Map<Long, IssuedToken> all = new HashMap<>(tokens);
        all.put(token.id(), token);
        return new JoinTokenLedger(all);
    }

    private JoinTokenLedger withoutOld(Instant now) {
        List<IssuedToken> young = tokens().stream()
                .filter(token -> now.isBefore(token.expires().plus(REMEMBERED)))
                .toList();
        if (young.size() < MOST_TOKENS) {
            return of(young);
        }
        // Room for a new one: what is spent is forgotten early.
        return of(young.stream().filter(token -> token.isLive(now)).toList());
    }

    private long freshId(SecureRandom random) {
        long id = random.nextLong();
        while (tokens.containsKey(id)) {
            id = random.nextLong();
        }
        return id;
    }

    private static String hash(byte[] secret) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(secret));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }
}
