package io.culvert.testbed.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import io.culvert.identity.Fingerprint;
import io.culvert.identity.join.JoinToken;
import io.culvert.testbed.hosts.CulvertAgent;
import io.culvert.testbed.hosts.Host;
import io.culvert.testbed.hosts.Spawned;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Hosts that want to join with a token that is no good: each gets nothing and is told why. */
final class StrangersAtJoin {
    private static final Duration EXPIRY = Duration.ofSeconds(2);

    private final CulvertAgent server;
    private final Host stranger;
    private final SecureRandom random = new SecureRandom();

    StrangersAtJoin(CulvertAgent server, Host stranger) {
        this.server = server;
        this.stranger = stranger;
    }

    void play(Story story) {
        JoinToken good = JoinToken.parse(token("--uses", "1"));
        Map<String, Case> cases = new LinkedHashMap<>();
        cases.put("damaged", new Case(good.print().substring(0, 40), "mistyped or cut off"));
        cases.put("unknown", new Case(with(good, good.id() + 1, good.secret(), good.anchor()), "is not known here"));
        cases.put("wrong secret", new Case(with(good, good.id(), noise(), good.anchor()), "its secret is wrong"));
        cases.put(
                "other mesh",
                new Case(
                        with(good, good.id(), good.secret(), Fingerprint.of(noise())),
                        "no certificate of the server has the fingerprint of the token"));
        String expired = token("--ttl", EXPIRY.toSeconds() + "s");
        CulvertAgent.await(
                "a token expires",
                EXPIRY.multipliedBy(5),
                () -> !server.culvert("join-token", "--list")
                        .output()
                        .contains(JoinToken.printId(JoinToken.parse(expired).id())));
        cases.put("expired", new Case(expired, "expired at"));
        cases.put("revoked", new Case(revoked(), "is not known here"));
        cases.forEach((name, join) -> refused(name, join, story));
        used(good, story);
    }

    private record Case(String token, String answer) {}

    private void refused(String name, Case join, Story story) {
        CulvertAgent agent = new CulvertAgent(stranger, "--join", join.token());
        Spawned process = agent.launch();
        assertThat(process.await())
                .as("exit code of an agent with a token that is " + name)
                .isNotZero();
        assertThat(process.log()).as("what it is told").contains(join.answer()).doesNotContain(join.token());
        story.step("token " + name + ": " + told(process.log(), join.answer()));
    }

    /** The token lets one host in, and then no other. */
    private void used(JoinToken token, Story story) {
        CulvertAgent first = new CulvertAgent(stranger, "--join", token.print()).start();
        assertThat(first.culvert("leave").succeeded()).isTrue();
        first.process().await();
        stranger.run("rm", "-rf", first.dataFolder().toString()).orFail();
        server.culvert("force-leave", stranger.name());
        refused("used", new Case(token.print(), "was already used"), story);
    }

    private String revoked() {
        String token = token();
        server.culvert(
                        "join-token",
                        "--revoke",
                        JoinToken.printId(JoinToken.parse(token).id()))
                .orFail();
        return token;
    }

    private String token(String... options) {
        List<String> words = new java.util.ArrayList<>(List.of("join-token"));
        words.addAll(List.of(options));
        return server.culvert(words.toArray(String[]::new)).orFail().strip();
    }

    private static String with(JoinToken token, long id, byte[] secret, Fingerprint anchor) {
        return new JoinToken(token.addresses(), anchor, id, secret).print();
    }

    private byte[] noise() {
        byte[] bytes = new byte[JoinToken.SECRET_BYTES];
        random.nextBytes(bytes);
        return bytes;
    }

    private static String told(String log, String answer) {
        return log.lines().filter(line -> line.contains(answer)).findFirst().orElse(log);
    }
}
