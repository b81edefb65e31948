package io.culvert.agent.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.culvert.agent.local.disk.DiskStore;
import io.culvert.agent.local.json.InputRefused;
import io.culvert.agent.local.json.RegistrationReader;
import io.culvert.catalog.CheckState;
import io.culvert.catalog.CheckStatus;
import io.culvert.catalog.IpAddress;
import io.culvert.catalog.NodeId;
import io.culvert.catalog.NodeName;
import io.culvert.catalog.NodeRecord;
import io.culvert.catalog.ServiceInstance;
import io.culvert.catalog.ServiceName;
import io.culvert.health.CheckDefinition;
import io.culvert.testbed.kit.VirtualTime;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalStateTest {
    private static final NodeRecord NODE = new NodeRecord(
            new NodeId(1, 2), new NodeName("n1"), IpAddress.parse("10.0.0.1"), "dc1", Map.of(), 8443, false, "0.1.0");

    @TempDir
    Path directory;

    private final VirtualTime time = new VirtualTime(Instant.ofEpochSecond(1_000_000));
    private final List<LocalView> heard = new ArrayList<>();
    private FakeChecks checks = new FakeChecks(time::now);
    private LocalState state;

    @BeforeEach
    void start() throws IOException {
        state = restarted();
        assertThat(state.applyFiles(FileSet.EMPTY).isApplied()).isTrue();
        heard.clear();
    }

    private LocalState restarted() throws IOException {
        checks = new FakeChecks(time::now);
        return new LocalState(
                NODE, new DiskStore(directory, true), checks, time::now, (before, after) -> heard.add(after));
    }

    @Test
    void a_registration_is_in_force_and_told_once() throws Exception {
        assertThat(state.register(service("web", "\"Port\":80"), false)).isEqualTo(new LocalOutcome.Applied(true));

        assertThat(heard).hasSize(1);
        assertThat(state.view().content().services())
                .extracting(ServiceInstance::id, ServiceInstance::firstRegistered)
                .containsExactly(tuple("web", 1_000_000L));
    }

    @Test
    void the_same_registration_again_changes_and_tells_nothing() throws Exception {
        state.register(service("web", "\"Port\":80"), false);
        heard.clear();

        assertThat(state.register(service("web", "\"Port\":80"), false)).isEqualTo(new LocalOutcome.Applied(false));
        assertThat(heard).isEmpty();
    }

    @Test
    void registrations_of_the_api_survive_restart_and_reload_with_their_age() throws Exception {
        state.register(service("web", "\"Port\":80,\"Check\":{\"TTL\":\"30s\"}"), false);
        state.registerCheck(check("{\"Name\":\"mem\",\"ServiceID\":\"web\",\"TTL\":\"10s\"}"));
        time.advance(Duration.ofDays(3));

        LocalState again = restarted();
        again.applyFiles(files(service("db", "\"Port\":3306")));

        assertThat(again.view().services()).containsOnlyKeys("db", "web");
        assertThat(again.view().checks()).containsOnlyKeys("mem", "service:web");
        assertThat(again.view().service("web").orElseThrow().service().firstRegistered())
                .isEqualTo(1_000_000);
        assertThat(again.view().service("web").orElseThrow().fromFile()).isFalse();
    }

    @Test
    void a_service_that_leaves_and_returns_keeps_its_age_unless_it_has_another_name() throws Exception {
        state.applyFiles(files(service("web", "\"Port\":80")));
        state.applyFiles(FileSet.EMPTY);
        time.advance(Duration.ofDays(1));
        LocalState again = restarted();
        again.applyFiles(files(service("web", "\"Port\":80")));
        assertThat(again.view().service("web").orElseThrow().service().firstRegistered())
                .isEqualTo(1_000_000);

        again.applyFiles(files(service("other", "\"ID\":\"web\",\"Port\":80")));
        assertThat(again.view().service("web").orElseThrow().service().firstRegistered())
                .isEqualTo(1_086_400);
    }

    @Test
    void a_file_wins_over_the_api_and_its_stored_copy_is_gone() throws Exception {
        state.register(service("web", "\"Port\":80"), false);
        assertThat(stored("services")).hasSize(1);

        state.applyFiles(files(service("web", "\"Port\":81")));

        assertThat(state.view().service("web").orElseThrow().service().port()).isEqualTo(81);
        assertThat(stored("services")).isEmpty();
        assertThat(state.register(service("web", "\"Port\":82"), false))
                .isInstanceOf(LocalOutcome.Invalid.class)
                .extracting(LocalOutcome::message)
                .asString()
                .contains("the file wins");
        assertThat(state.view().service("web").orElseThrow().service().port()).isEqualTo(81);
    }

    @Test
    void a_service_of_a_file_that_the_api_removes_returns_with_the_next_reload() throws Exception {
        FileSet files = files(service("web", "\"Port\":80,\"Check\":{\"TTL\":\"30s\"}"));
        state.applyFiles(files);

        assertThat(state.deregister("web").isApplied()).isTrue();
        assertThat(state.view().services()).isEmpty();
        assertThat(state.view().checkDefinitions()).isEmpty();

        state.applyFiles(files);
        assertThat(state.view().services()).containsOnlyKeys("web");
    }

    @Test
    void checks_that_a_new_registration_does_not_name_are_kept_unless_told_to_replace_them() throws Exception {
        state.register(service("web", "\"Check\":{\"CheckID\":\"a\",\"TTL\":\"30s\"}"), false);
        state.registerCheck(check("{\"Name\":\"c\",\"ServiceID\":\"web\",\"TTL\":\"10s\"}"));

        state.register(service("web", "\"Check\":{\"CheckID\":\"b\",\"TTL\":\"30s\"}"), false);
        assertThat(state.view().checks()).containsOnlyKeys("a", "b", "c");

        state.register(service("web", "\"Check\":{\"CheckID\":\"b\",\"TTL\":\"30s\"}"), true);
        assertThat(state.view().checks()).containsOnlyKeys("b");
    }

    @Test
    void a_refused_set_of_files_leaves_everything_as_it_was() throws Exception {
        state.applyFiles(files(service("web", "\"Port\":80")));
        LocalView before = state.view();

        FileSet dangling = new FileSet(
                List.of(service("db", "\"Port\":1")),
                List.of(check("{\"Name\":\"m\",\"ServiceID\":\"nope\",\"TTL\":\"10s\"}")));
        assertThat(state.applyFiles(dangling).message()).contains("ServiceID \"nope\" does not exist");
        FileSet doubled = files(
                service("a", "\"Check\":{\"CheckID\":\"x\",\"TTL\":\"30s\"}"),
                service("b", "\"Check\":{\"CheckID\":\"x\",\"TTL\":\"30s\"}"));
        assertThat(state.applyFiles(doubled).message()).contains("check id 'x' is taken");
        assertThat(state.applyFiles(files(service("a", ""), service("a", ""))).message())
                .contains("declared twice");

        assertThat(state.view()).isSameAs(before);
    }

    @Test
    void results_change_what_is_published_and_survive_reload_registration_and_restart() throws Exception {
        FileSet files = files(service("web", "\"Check\":{\"TCP\":\"h:1\",\"Interval\":\"10s\"}"));
        state.applyFiles(files);
        assertThat(status(state, "service:web")).isEqualTo(CheckStatus.CRITICAL);

        checks.found("service:web", CheckStatus.PASSING, "fine");
        state.checksChanged();
        state.applyFiles(files);
        assertThat(status(state, "service:web")).isEqualTo(CheckStatus.PASSING);
        assertThat(state.output("service:web")).isEqualTo("fine");

        state.keepResults();
        LocalState again = restarted();
        again.applyFiles(files);
        assertThat(status(again, "service:web")).isEqualTo(CheckStatus.PASSING);
        assertThat(again.output("service:web")).isEqualTo("fine");
    }

    @Test
    void an_output_alone_is_shown_but_told_to_nobody() throws Exception {
        state.register(service("web", "\"Check\":{\"TTL\":\"30s\"}"), false);
        heard.clear();

        checks.found("service:web", CheckStatus.CRITICAL, "still bad");
        state.checksChanged();

        assertThat(heard).isEmpty();
        assertThat(state.output("service:web")).isEqualTo("still bad");
    }

    @Test
    void what_runs_the_checks_has_the_whole_set_and_only_that() throws Exception {
        state.applyFiles(new FileSet(
                List.of(service("web", "\"Check\":{\"TTL\":\"30s\"}")),
                List.of(check("{\"Name\":\"disk\",\"TTL\":\"10s\"}"))));
        state.nodeMaintenance(Optional.of("upgrade"));
        assertThat(checks.definitions()).extracting(CheckDefinition::id).containsExactly("disk", "service:web");

        state.deregister("web");
        assertThat(checks.definitions()).extracting(CheckDefinition::id).containsExactly("disk");
    }

    @Test
    void results_that_did_not_change_are_not_written_again() throws Exception {
        state.register(service("web", "\"Check\":{\"TTL\":\"30s\"}"), false);
        state.keepResults();
        Files.delete(directory.resolve("check_results.json"));

        state.keepResults();
        assertThat(directory.resolve("check_results.json")).doesNotExist();

        checks.found("service:web", CheckStatus.PASSING, "ok");
        state.keepResults();
        assertThat(directory.resolve("check_results.json")).exists();
    }

    @Test
    void nothing_is_in_force_before_files_were_read() throws Exception {
        state.register(service("web", "\"Port\":80"), false);
        LocalState again = restarted();
        heard.clear();

        again.checksChanged();
        again.nodeChanged(NODE);

        assertThat(heard).isEmpty();
        assertThat(again.view().services()).isEmpty();
    }

    @Test
    void maintenance_is_a_critical_check_that_survives_a_restart() throws Exception {
        state.register(service("web", "\"Port\":80"), false);
        assertThat(state.serviceMaintenance("web", Optional.of("upgrade")).isApplied())
                .isTrue();
        assertThat(state.nodeMaintenance(Optional.of("")).isApplied()).isTrue();

        LocalState again = restarted();
        again.applyFiles(FileSet.EMPTY);
        assertThat(again.view().content().checks())
                .extracting(CheckState::id, CheckState::status, CheckState::serviceId, CheckState::type)
                .containsExactly(
                        tuple("_node_maintenance", CheckStatus.CRITICAL, "", "maintenance"),
                        tuple("_service_maintenance:web", CheckStatus.CRITICAL, "web", "maintenance"));
        assertThat(LocalView.aggregate(again.view().checksOf("web"))).isEqualTo("maintenance");

        assertThat(again.serviceMaintenance("web", Optional.empty()).isApplied())
                .isTrue();
        assertThat(again.nodeMaintenance(Optional.empty()).isApplied()).isTrue();
        assertThat(again.view().checks()).isEmpty();
        assertThat(again.serviceMaintenance("nope", Optional.of(""))).isInstanceOf(LocalOutcome.Unknown.class);
    }

    @Test
    void the_proxy_hears_of_destinations_upstreams_callers_and_certificates() throws Exception {
        state.applyFiles(files(
                service("mysql", "\"Port\":3306,\"SocketPath\":\"/run/m.sock\",\"Connect\":{\"SidecarService\":{}}"),
                service(
                        "shop",
                        "\"User\":\"shop\",\"Connect\":{\"SidecarService\":{\"Proxy\":{\"Upstreams\":[{"
                                + "\"DestinationName\":\"mysql\",\"LocalBindSocketPath\":\"/run/shop/m.sock\"}]}}}"),
                service("private", "\"Port\":1")));

        LocalView view = state.view();
        assertThat(view.destinations()).extracting(LocalDestination::serviceId).containsExactly("mysql");
        assertThat(view.upstreams()).hasSize(1);
        assertThat(view.upstreams().get(0).source()).isEqualTo(new ServiceName("shop"));
        assertThat(view.callers()).containsExactly(new LocalCaller("shop", new ServiceName("shop")));
        assertThat(view.meshServices()).containsExactly(new ServiceName("mysql"), new ServiceName("shop"));
    }

    @Test
    void a_damaged_file_is_set_aside_and_the_others_are_loaded() throws Exception {
        state.register(service("web", "\"Port\":80"), false);
        state.register(service("db", "\"Port\":81"), false);
        Path one = stored("services").get(0);
        Files.writeString(one, "{\"Name\":");

        LocalState again = restarted();
        again.applyFiles(FileSet.EMPTY);

        assertThat(again.view().services()).hasSize(1);
        assertThat(one).doesNotExist();
        assertThat(one.resolveSibling(one.getFileName() + ".damaged")).exists();
    }

    @Test
    void what_the_disk_does_not_take_is_not_in_force() throws Exception {
        Files.writeString(directory.resolve("services"), "not a directory");

        LocalOutcome outcome = state.register(service("web", "\"Port\":80"), false);

        assertThat(outcome).isInstanceOf(LocalOutcome.NotStored.class);
        assertThat(state.view().services()).isEmpty();
        assertThat(heard).isEmpty();
    }

    @Test
    void stored_files_are_for_the_owner_only() throws Exception {
        state.register(service("web", "\"Port\":80"), false);

        assertThat(Files.getPosixFilePermissions(stored("services").get(0)))
                .containsExactlyInAnyOrder(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);
    }

    @Test
    void ids_of_maintenance_checks_are_reserved() throws Exception {
        assertThat(state.registerCheck(check("{\"Name\":\"_node_maintenance\",\"TTL\":\"10s\"}"))
                        .message())
                .contains("reserved for maintenance");
    }

    @Test
    void unknown_things_are_said_to_be_unknown() throws Exception {
        assertThat(state.deregister("x")).isInstanceOf(LocalOutcome.Unknown.class);
        assertThat(state.deregisterCheck("x")).isInstanceOf(LocalOutcome.Unknown.class);
        assertThat(state.registerCheck(check("{\"Name\":\"m\",\"ServiceID\":\"x\",\"TTL\":\"10s\"}")))
                .isEqualTo(new LocalOutcome.Unknown("ServiceID \"x\" does not exist; nothing was changed"));
    }

    private CheckStatus status(LocalState of, String checkId) {
        return Objects.requireNonNull(of.view().checks().get(checkId)).state().status();
    }

    private List<Path> stored(String where) throws IOException {
        try (Stream<Path> files = Files.list(directory.resolve(where))) {
            return files.filter(Files::isRegularFile).sorted().toList();
        }
    }

    private static FileSet files(ServiceRegistration... services) {
        return new FileSet(Arrays.asList(services), List.of());
    }

    private static ServiceRegistration service(String name, String more) throws InputRefused {
        String body = "{\"Name\":\"" + name + "\"" + (more.isEmpty() ? "" : "," + more) + "}";
        return new RegistrationReader(true).service(body.getBytes(StandardCharsets.UTF_8));
    }

    private static CheckDefinition check(String body) throws InputRefused {
        return new RegistrationReader(true).check(body.getBytes(StandardCharsets.UTF_8));
    }
}
