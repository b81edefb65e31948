package io.culvert.testbed.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.culvert.testbed.hosts.Command;
import io.culvert.testbed.hosts.CulvertAgent;
import io.culvert.testbed.hosts.Host;
import io.culvert.testbed.hosts.Testbed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;

/**
 * What happens to a pool of five in its life: a host is killed, sleeps, loses UDP, the network parts and heals, hosts leave,
 * are given up, all start again, one finds the others by name, and newcomers take the address and the name of the dead.
 *
 * <p>Long because it is one story: each part begins with the pool as the one before left it.
 */
public final class PoolLife implements Scenario {
    private static final Duration SOON = Duration.ofSeconds(120);
    private static final Duration SLEEP = Duration.ofSeconds(20);

    /** A data centre's, but for what would make the story long. */
    private static final String TIMING =
            "gossip { anti_entropy_interval = 2s, gossip_to_the_dead_time = 5s, retry_interval = 5s }\n";

    private List<CulvertAgent> pool = List.of();
    private List<String> settings = List.of();

    @Override
    public String name() {
        return "pool";
    }

    @Override
    public void play(Testbed testbed, Story story) throws Exception {
        Path file = Files.writeString(testbed.folder().resolve("pool.conf"), TIMING);
        settings = List.of("--config", file.toString());
        Mesh mesh = Mesh.of(testbed, story, settings, "a", "b", "c", "d", "e");
        CulvertAgent a = mesh.agent("a");
        pool = List.of(a, settled(mesh, "b"), settled(mesh, "c"), settled(mesh, "d"), settled(mesh, "e"));
        kill(pool.get(3), story);
        sleep(pool.get(2), story);
        withoutDatagrams(pool.get(3), pool.get(1), story);
        partition(story);
        leave(pool.get(4), story);
        restartAll(story);
        findByName(pool.get(4), story);
        takeOver(testbed, pool.get(4), story);
    }

    /** Without the token: a host that has joined belongs to the mesh. */
    private CulvertAgent settled(Mesh mesh, String name) {
        return mesh.agent(name).withArguments(settings.toArray(String[]::new));
    }

    private void kill(CulvertAgent victim, Story story) {
        long killed = System.nanoTime();
        victim.process().kill();
        for (CulvertAgent other : others(victim)) {
            await(
                    name(victim) + " has failed for " + name(other),
                    () -> state(other, victim).equals("failed"));
        }
        story.figure("kill -9: failed for everybody after", since(killed));
        CulvertAgent witness = pool.get(0);
        JsonNode member = member(witness, victim);
        assertThat(member.path("Reason").asText()).as("reason").isNotBlank();
        assertThat(member.path("Since").asText()).as("age of the change").matches("[0-9]{1,2}s");
        String table = witness.culvert("members", "--status", "failed").orFail();
        assertThat(table).contains(name(victim), "failed", member.path("Reason").asText());
        story.step("kill -9 of " + name(victim) + ": "
                + table.lines().skip(1).findFirst().orElse(""));

        Command.Result living = witness.culvert("force-leave", "b");
        assertThat(living.exitCode()).as("force-leave of a living member").isEqualTo(1);
        assertThat(living.output()).contains("'b' takes part in the pool");
        long forced = System.nanoTime();
        pool.get(1).culvert("force-leave", name(victim)).orFail();
        for (CulvertAgent other : others(victim)) {
            await(
                    name(victim) + " is given up by " + name(other),
                    () -> state(other, victim).equals("left"));
        }
        story.figure("force-leave: left for everybody after", since(forced));
        victim.start();
        awaitTogether();
        story.step(name(victim) + " is back");
    }

    /** A suspended machine: the others give it up, and it accuses nobody when it wakes. */
    private void sleep(CulvertAgent sleeper, Story story) {
        List<MemberWatch> watches = new ArrayList<>();
        others(sleeper).forEach(other -> watches.add(MemberWatch.on(other)));
        watches.add(MemberWatch.on(sleeper));
        long accused = accusations(sleeper);
        long slept = System.nanoTime();
        sleeper.process().signal("STOP");
        await(
                "the sleeper has failed for the others",
                () -> state(pool.get(0), sleeper).equals("failed"));
        story.figure("SIGSTOP: failed after", since(slept));
        await("20 s of sleep", () -> since(slept).compareTo(SLEEP) > 0);
        long woken = System.nanoTime();
        sleeper.process().signal("CONT");
        awaitTogether();
        story.figure("SIGSTOP for 20 s: alive for everybody after", since(woken));
        await("its next probes are over", () -> since(woken).compareTo(Duration.ofSeconds(8)) > 0);
        assertThat(accusations(sleeper))
                .as("members accused by the one that woke")
                .isEqualTo(accused);
        assertThat(sleeper.metrics().count("culvert_gossip_troubles_total", "kind", "paused"))
                .as("pauses")
                .isPositive();
        assertThat(sleeper.culvert("members").orFail()).contains("did not run for");
        for (CulvertAgent other : others(sleeper)) {
            for (MemberWatch watch : watches) {
                assertThat(watch.statesOf(id(other)))
                        .as("states of " + name(other))
                        .contains("alive")
                        .doesNotContain("failed");
            }
        }
        watches.forEach(MemberWatch::close);
        story.step(name(sleeper) + " slept and woke: it accused nobody");
    }

    private static long accusations(CulvertAgent agent) {
        return agent.metrics().count("culvert_gossip_suspected_total", "by", "us");
    }

    /** Nothing but streams is left between one host and the others; before, between two hosts only. */
    private void withoutDatagrams(CulvertAgent mute, CulvertAgent other, Story story) {
        MemberWatch watch = MemberWatch.on(pool.get(0));
        String peer = other.host().address();
        mute.host()
                .drop(
                        "pair",
                        List.of("ip saddr " + peer + " udp dport 8301"),
                        List.of("ip daddr " + peer + " udp dport 8301"));
        long blocked = System.nanoTime();
        await("12 s without UDP between two", () -> since(blocked).compareTo(Duration.ofSeconds(12)) > 0);
        assertThat(state(mute, other)).isEqualTo("alive");
        assertThat(state(other, mute)).isEqualTo("alive");
        mute.host().drop("udp", List.of("udp dport 8301"), List.of("udp dport 8301"));
        long all = System.nanoTime();
        await(
                "it is said that only TCP is left",
                () -> pool.get(0).culvert("members").output().contains("members answer over TCP only: " + name(mute)));
        story.figure("UDP blocked: said after", since(all));
        await("12 s without any UDP", () -> since(all).compareTo(Duration.ofSeconds(12)) > 0);
        assertThat(mute.culvert("members").orFail()).contains("4 of 4 members answer over TCP only", "8301");
        assertThat(mute.metrics().count("culvert_gossip_troubles_total", "kind", "udp_lost"))
                .isPositive();
        watch.close();
        assertThat(watch.statesOf(id(mute))).as("states of a host without UDP").doesNotContain("failed");
        mute.host().allow("pair");
        mute.host().allow("udp");
        await(
                "all is well again",
                () -> !pool.get(0).culvert("members").output().contains("TCP only")
                        && !mute.culvert("members").output().contains("TCP only"));
        story.step("UDP lost between " + name(mute) + " and all: alive by stream, and said so");
    }

    /** Two hosts here, three there, for longer than the dead are told anything; then the network is whole again. */
    private void partition(Story story) {
        List<CulvertAgent> left = pool.subList(0, 2);
        List<CulvertAgent> right = pool.subList(2, 5);
        for (CulvertAgent one : left) {
            List<String> from = right.stream()
                    .map(other -> "ip saddr " + other.host().address())
                    .toList();
            List<String> to = right.stream()
                    .map(other -> "ip daddr " + other.host().address())
                    .toList();
            one.host().drop("part", from, to);
        }
        long parted = System.nanoTime();
        await(
                "both halves hold the other for failed",
                () -> allHold(left, right, "failed") && allHold(right, left, "failed"));
        story.figure("2|3 apart: failed for each other after", since(parted));
        long failed = System.nanoTime();
        await("8 s apart", () -> since(failed).compareTo(Duration.ofSeconds(8)) > 0);
        assertThat(allHold(left, left, "alive") && allHold(right, right, "alive"))
                .isTrue();
        long healed = System.nanoTime();
        left.forEach(one -> one.host().allow("part"));
        awaitTogether();
        story.figure("healed: one pool again after", since(healed));
    }

    private static boolean allHold(List<CulvertAgent> observers, List<CulvertAgent> members, String state) {
        return observers.stream()
                .allMatch(observer -> members.stream()
                        .allMatch(member -> state(observer, member).equals(state)));
    }

    private void leave(CulvertAgent leaver, Story story) {
        List<MemberWatch> watches = others(leaver).stream().map(MemberWatch::on).toList();
        String id = id(leaver);
        long left = System.nanoTime();
        leaver.culvert("leave").orFail();
        assertThat(leaver.process().await())
                .as("exit code of an agent that left")
                .isZero();
        for (CulvertAgent other : others(leaver)) {
            await(
                    name(leaver) + " has left, for " + name(other),
                    () -> state(other, leaver).equals("left"));
        }
        story.figure("leave: left for everybody after", since(left));
        leaver.start();
        awaitTogether();
        watches.forEach(MemberWatch::close);
        watches.forEach(watch -> assertThat(watch.statesOf(id))
                .as("states of who left")
                .contains("left")
                .doesNotContain("failed"));
        story.step("leave: never shown as failed");
    }

    /** All at once, in another order and without the one that everybody joined at: from their own disks alone. */
    private void restartAll(Story story) throws IOException {
        pool.forEach(agent -> agent.process().signal("KILL"));
        pool.forEach(agent -> agent.process().await());
        CulvertAgent first = pool.get(0);
        CulvertAgent damaged = pool.get(2);
        Path snapshot = damaged.dataFolder().resolve("gossip/gossip-snapshot");
        Files.writeString(snapshot, "rubbish");
        long started = System.nanoTime();
        for (int i = pool.size() - 1; i > 0; i--) {
            pool.get(i).launch();
        }
        for (CulvertAgent one : others(first)) {
            for (CulvertAgent other : others(first)) {
                await(
                        name(other) + " is alive for " + name(one),
                        () -> api(one) && state(one, other).equals("alive"));
            }
        }
        story.figure("restart of all but the first host, from snapshots: together after", since(started));
        assertThat(snapshot.resolveSibling("gossip-snapshot.damaged")).hasContent("rubbish");
        assertThat(damaged.process().log()).contains("damaged file set aside");
        first.start();
        awaitTogether();
        story.step("all together; the damaged snapshot of " + name(damaged) + " was set aside");
    }

    /** The host it joined at is down and its snapshot gone: only a name leads to the pool, and not at once. */
    private void findByName(CulvertAgent lost, Story story) throws IOException {
        CulvertAgent first = pool.get(0);
        lost.process().signal("TERM");
        lost.process().await();
        Files.delete(lost.dataFolder().resolve("gossip/gossip-snapshot"));
        first.process().kill();
        lost.host().names("");
        List<String> arguments = new ArrayList<>(settings);
        arguments.addAll(List.of("--retry-join", "pool.test", "--retry-join", "nowhere.test:8301"));
        CulvertAgent seeking =
                lost.withArguments(arguments.toArray(String[]::new)).start();
        await(
                "it says that nobody answers",
                () -> seeking.culvert("members").output().contains("Nobody of the pool answers"));
        JsonNode join = seeking.api("/v1/culvert/pool").path("Join");
        assertThat(join.path("Searching").asBoolean()).isTrue();
        assertThat(join.path("Unresolved").toString()).contains("pool.test", "nowhere.test");
        assertThat(join.path("Asked").toString()).contains(first.host().address() + ":8301");

        long named = System.nanoTime();
        seeking.host().names("10.77.0.250 pool.test\n" + pool.get(1).host().address() + " pool.test\n");
        for (CulvertAgent other : List.of(pool.get(1), pool.get(2), pool.get(3))) {
            await(
                    "the one that was lost is alive for " + name(other),
                    () -> state(other, seeking).equals("alive"));
        }
        story.figure("the name leads somewhere: joined after", since(named));
        // It hears of itself last: its round ends when the dead address of the same name has been given its time.
        await(
                "it has found the pool",
                () -> !seeking.api("/v1/culvert/pool").at("/Join/Searching").asBoolean(true));
        first.start();
        List<CulvertAgent> all = new ArrayList<>(pool.subList(0, 4));
        all.add(seeking);
        pool = List.copyOf(all);
        awaitTogether();
        story.step("found by a name that stood for nothing, then for a dead and a living address");
    }

    /** One newcomer at the address of the dead, another with its name. */
    private void takeOver(Testbed testbed, CulvertAgent dead, Story story) {
        CulvertAgent first = pool.get(0);
        String deadId = id(dead);
        pool.get(4).process().kill();
        for (CulvertAgent other : pool.subList(0, 4)) {
            await(
                    "the host has failed for " + name(other),
                    () -> stateOf(other, deadId).equals("failed"));
        }
        Command.run("mv", dead.dataFolder().toString(), dead.dataFolder() + ".dead")
                .orFail();
        CulvertAgent sameAddress =
                CulvertAgent.named(dead.host(), "e2", joining(first)).start();
        Host elsewhere = testbed.host("f");
        CulvertAgent sameName =
                CulvertAgent.named(elsewhere, name(dead), joining(first)).start();
        List<CulvertAgent> all = new ArrayList<>(pool.subList(0, 4));
        all.add(sameAddress);
        all.add(sameName);
        List<String> ids = all.stream().map(PoolLife::id).toList();
        for (CulvertAgent observer : all) {
            for (String id : ids) {
                await(
                        id + " is alive for " + name(observer),
                        () -> stateOf(observer, id).equals("alive"));
            }
        }
        for (CulvertAgent observer : pool.subList(0, 4)) {
            assertThat(stateOf(observer, deadId)).as("the dead one").isEqualTo("failed");
        }
        assertThat(ids).doesNotContain(deadId).doesNotHaveDuplicates();
        // The name stands for two: only the dead one is given up.
        first.culvert("force-leave", "--prune", name(dead)).orFail();
        for (CulvertAgent observer : pool.subList(1, 4)) {
            await("the dead one is given up", () -> stateOf(observer, deadId).equals("left"));
        }
        assertThat(stateOf(first, deadId)).as("pruned").isEmpty();
        assertThat(stateOf(first, id(sameName))).isEqualTo("alive");
        story.step("newcomers at the address and with the name of the dead are members; the dead one was given up");
    }

    private String[] joining(CulvertAgent server) {
        List<String> arguments = new ArrayList<>(settings);
        arguments.addAll(List.of("--join", server.culvert("join-token").orFail().strip()));
        return arguments.toArray(String[]::new);
    }

    private List<CulvertAgent> others(CulvertAgent agent) {
        return pool.stream().filter(other -> other != agent).toList();
    }

    /** One question to each, so that the time it takes says little of the poll. */
    private void awaitTogether() {
        CulvertAgent.awaitAsserted(SOON, () -> {
            Set<String> missing = new TreeSet<>();
            for (CulvertAgent one : pool) {
                JsonNode members = one.api("/v1/culvert/members");
                for (CulvertAgent other : pool) {
                    String state = member(members, other).path("State").asText();
                    if (!state.equals("alive")) {
                        missing.add(name(one) + " holds " + name(other) + " for '" + state + "'");
                    }
                }
            }
            assertThat(missing).as("who is not alive for whom").isEmpty();
        });
    }

    private static boolean api(CulvertAgent agent) {
        return agent.culvert("members").exitCode() != 1;
    }

    /** How {@code observer} holds the member of that name which is not gone; else any of that name; empty: unknown. */
    private static String state(CulvertAgent observer, CulvertAgent member) {
        return member(observer, member).path("State").asText();
    }

    private static JsonNode member(CulvertAgent observer, CulvertAgent wanted) {
        return member(observer.api("/v1/culvert/members"), wanted);
    }

    private static JsonNode member(JsonNode members, CulvertAgent wanted) {
        for (JsonNode member : members) {
            if (member.path("Name").asText().equals(wanted.node())) {
                return member;
            }
        }
        return MissingNode.getInstance();
    }

    private static String stateOf(CulvertAgent observer, String id) {
        for (JsonNode member : observer.api("/v1/culvert/members")) {
            if (member.path("ID").asText().equals(id)) {
                return member.path("State").asText();
            }
        }
        return "";
    }

    private static String id(CulvertAgent agent) {
        return agent.api("/v1/culvert/status").path("NodeID").asText();
    }

    private static String name(CulvertAgent agent) {
        return agent.node();
    }

    private static Duration since(long start) {
        return Duration.ofNanos(System.nanoTime() - start);
    }

    private static void await(String what, Callable<Boolean> condition) {
        CulvertAgent.await(what, SOON, condition);
    }
}
