package io.culvert.health.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.culvert.catalog.Catalog;
import io.culvert.catalog.CheckState;
import io.culvert.catalog.CheckStatus;
import io.culvert.catalog.IpAddress;
import io.culvert.catalog.NodeContent;
import io.culvert.catalog.NodeId;
import io.culvert.catalog.NodeName;
import io.culvert.catalog.NodeRecord;
import io.culvert.catalog.ServiceInstance;
import io.culvert.health.CheckDefinition;
import io.culvert.health.CheckResult;
import io.culvert.health.RestoredStatus;
import io.culvert.health.TtlUpdate;
import io.culvert.testbed.kit.VirtualTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.function.Function;

/** A schedule in virtual time, with a world that answers each run as a test says. */
final class ScheduleBench implements Effect.Performer {
    static final NodeId SELF = new NodeId(0, 1);
    static final NodeId OTHER = new NodeId(0, 2);

    final VirtualTime time = new VirtualTime(Instant.parse("2026-01-01T00:00:00Z"));
    final Catalog catalog = new Catalog();
    final List<String> changes = new ArrayList<>();
    final List<String> outputs = new ArrayList<>();
    final List<String> deregistered = new ArrayList<>();
    final Map<String, List<Duration>> starts = new HashMap<>();
    final Map<RunToken, CheckDefinition> running = new LinkedHashMap<>();
    final List<RunToken> cancelled = new ArrayList<>();
    CheckSchedule schedule;
    Function<CheckDefinition, ProbeResult> world = check -> ProbeResult.of(CheckStatus.PASSING, "fine");
    Duration runTime = Duration.ofMillis(20);
    boolean answering = true;
    int timersSet;

    ScheduleBench() {
        this(4711);
    }

    ScheduleBench(long seed) {
        schedule = new CheckSchedule(SELF, catalog.current(), new SplittableRandom(seed));
        catalog.subscribe(change -> perform(schedule.catalogChanged(change.after(), now())));
    }

    Moment now() {
        return new Moment(time.nanos(), time.now());
    }

    ScheduleBench apply(CheckDefinition... checks) {
        perform(schedule.apply(Arrays.asList(checks), Map.of(), now()));
        return this;
    }

    ScheduleBench restore(Map<String, RestoredStatus> restored, CheckDefinition... checks) {
        perform(schedule.apply(Arrays.asList(checks), restored, now()));
        return this;
    }

    TtlUpdate report(String id, CheckStatus status, String note) {
        CheckSchedule.Reported reported = schedule.reported(id, status, note, now());
        perform(reported.effects());
        return reported.update();
    }

    ScheduleBench pass(Duration time) {
        this.time.advance(time);
        return this;
    }

    void answer(CheckStatus status, String output) {
        world = check -> ProbeResult.of(status, output);
    }

    /** Ends the only run under way. */
    void endRun(ProbeResult found) {
        assertThat(running).as("runs under way").hasSize(1);
        RunToken token = running.keySet().iterator().next();
        running.remove(token);
        perform(schedule.runEnded(token, found, now()));
    }

    CheckResult result(String id) {
        return Objects.requireNonNull(schedule.results().get(id), () -> "no result of " + id);
    }

    CheckStatus status(String id) {
        return result(id).status();
    }

    List<Duration> starts(String id) {
        return starts.getOrDefault(id, List.of());
    }

    void publish(NodeId id, String name, List<ServiceInstance> services, List<CheckState> checks) {
        NodeRecord node = new NodeRecord(
                id, new NodeName(name), IpAddress.parse("10.0.0." + id.low()), "dc1", Map.of(), 8443, false, "test");
        catalog.contentChanged(new NodeContent(node, services, checks));
    }

    void perform(List<Effect> effects) {
        effects.forEach(effect -> effect.perform(this));
    }

    @Override
    public void startRun(Effect.StartRun start) {
        starts.computeIfAbsent(start.check().id(), id -> new ArrayList<>()).add(Duration.ofNanos(time.nanos()));
        assertThat(running.values())
                .as("runs never overlap")
                .noneMatch(check -> check.id().equals(start.check().id()));
        running.put(start.token(), start.check());
        if (answering) {
            time.schedule(runTime, () -> {
                if (running.remove(start.token()) != null) {
                    perform(schedule.runEnded(start.token(), world.apply(start.check()), now()));
                }
            });
        }
    }

    @Override
    public void cancelRun(Effect.CancelRun cancel) {
        assertThat(running).as("only what runs is cancelled").containsKey(cancel.token());
        running.remove(cancel.token());
        cancelled.add(cancel.token());
    }

    @Override
    public void setTimer(Effect.SetTimer timer) {
        assertThat(timer.after()).isGreaterThanOrEqualTo(Duration.ZERO);
        timersSet++;
        time.schedule(timer.after(), () -> perform(schedule.timerFired(timer.token(), now())));
    }

    @Override
    public void statusChanged(Effect.StatusChanged change) {
        assertThat(change.result().status()).isNotEqualTo(change.before());
        changes.add(change.check().id() + " " + change.before().word() + ">"
                + change.result().status().word());
    }

    @Override
    public void outputChanged(Effect.OutputChanged change) {
        outputs.add(change.check().id() + ": " + change.result().output());
    }

    @Override
    public void deregister(Effect.Deregister deregister) {
        deregistered.add(deregister.serviceId());
    }
}
