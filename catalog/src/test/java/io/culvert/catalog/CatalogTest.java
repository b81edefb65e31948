package io.culvert.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import io.culvert.testbed.kit.Property;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class CatalogTest {
    private final Catalog catalog = new Catalog();
    private final List<CatalogChange> changes = new ArrayList<>();

    private static NodeContent content(int node, List<ServiceInstance> services, List<CheckState> checks) {
        NodeRecord record = new NodeRecord(
                new NodeId(0, node),
                new NodeName("n" + node),
                IpAddress.ofIpv4(0x0a000000 + node),
                "dc1",
                Map.of(),
                8443,
                false,
                "test");
        return new NodeContent(record, services, checks);
    }

    private static CheckState check(String id, String service, CheckStatus status) {
        return new CheckState(id, id, status, service, "tcp", "");
    }

    private List<CatalogInstance> instances(String service) {
        return catalog.current()
                .service(new ServiceName(service))
                .map(CatalogService::instances)
                .orElse(List.of());
    }

    @Test
    void an_instance_is_routable_until_one_of_its_checks_its_nodes_checks_or_its_host_fails() {
        ServiceInstance web = ServiceInstance.of("web-1", "web", 80);
        catalog.contentChanged(content(1, List.of(web), List.of(check("c", "web-1", CheckStatus.WARNING))));
        assertThat(instances("WEB")).singleElement().matches(CatalogInstance::isRoutable);

        catalog.contentChanged(content(1, List.of(web), List.of(check("c", "web-1", CheckStatus.CRITICAL))));
        assertThat(instances("web")).singleElement().matches(i -> !i.isRoutable());

        catalog.contentChanged(content(1, List.of(web), List.of(check("node", "", CheckStatus.CRITICAL))));
        assertThat(instances("web")).singleElement().matches(i -> !i.isRoutable());

        catalog.contentChanged(content(1, List.of(web), List.of(check("other", "web-2", CheckStatus.CRITICAL))));
        assertThat(instances("web")).singleElement().matches(CatalogInstance::isRoutable);

        catalog.livenessChanged(new NodeId(0, 1), Liveness.SUSPECT);
        assertThat(instances("web")).singleElement().matches(CatalogInstance::isRoutable);
        catalog.livenessChanged(new NodeId(0, 1), Liveness.FAILED);
        assertThat(instances("web")).singleElement().matches(i -> !i.isRoutable());
    }

    @Test
    void a_host_that_left_is_gone_at_once_and_late_content_does_not_bring_it_back() {
        NodeContent content = content(1, List.of(ServiceInstance.of("web", "web", 80)), List.of());
        catalog.contentChanged(content);
        catalog.livenessChanged(new NodeId(0, 1), Liveness.LEFT);
        assertThat(catalog.current().nodes()).isEmpty();
        assertThat(instances("web")).isEmpty();

        catalog.contentChanged(content);
        assertThat(catalog.current().nodes()).isEmpty();

        catalog.livenessChanged(new NodeId(0, 1), Liveness.ALIVE);
        catalog.contentChanged(content);
        assertThat(instances("web")).hasSize(1);
    }

    @Test
    void liveness_heard_before_the_content_counts_when_the_content_comes() {
        catalog.livenessChanged(new NodeId(0, 1), Liveness.FAILED);
        catalog.contentChanged(content(1, List.of(ServiceInstance.of("web", "web", 80)), List.of()));
        assertThat(instances("web")).singleElement().matches(i -> !i.isRoutable());
    }

    @Test
    void a_fact_that_is_known_already_changes_nothing_and_wakes_nobody() {
        NodeContent content = content(1, List.of(ServiceInstance.of("web", "web", 80)), List.of());
        catalog.contentChanged(content);
        catalog.subscribe(changes::add);
        long index = catalog.current().index();
        catalog.contentChanged(content);
        catalog.livenessChanged(new NodeId(0, 1), Liveness.ALIVE);
        catalog.forgotten(new NodeId(0, 9));
        assertThat(catalog.current().index()).isEqualTo(index);
        assertThat(changes).isEmpty();
    }

    @Test
    void a_change_to_one_service_leaves_the_index_of_its_neighbours_alone() {
        ServiceInstance web = ServiceInstance.of("web", "web", 80);
        ServiceInstance db = ServiceInstance.of("db", "db", 5432);
        catalog.contentChanged(content(1, List.of(web, db), List.of()));
        long before = catalog.current().service(db.name()).orElseThrow().index();
        long nodesBefore = catalog.current().nodesIndex();
        catalog.subscribe(changes::add);
        catalog.contentChanged(content(1, List.of(web, db), List.of(check("c", "web", CheckStatus.CRITICAL))));
        assertThat(catalog.current().service(db.name()).orElseThrow().index()).isEqualTo(before);
        assertThat(catalog.current().nodesIndex()).isEqualTo(nodesBefore);
        assertThat(changes)
                .singleElement()
                .satisfies(change -> assertThat(change.services()).containsExactly(web.name()));
    }

    @Test
    void of_two_hosts_with_one_name_the_live_one_is_found_and_the_other_when_it_goes() {
        catalog.contentChanged(content(1, List.of(), List.of()));
        NodeContent rebuilt = content(2, List.of(), List.of());
        NodeRecord record = rebuilt.node();
        NodeRecord namesake =
                new NodeRecord(record.id(), new NodeName("N1"), record.address(), "dc1", Map.of(), 1, false, "");
        catalog.livenessChanged(new NodeId(0, 1), Liveness.FAILED);
        catalog.contentChanged(new NodeContent(namesake, List.of(), List.of()));
        assertThat(catalog.current().node(new NodeName("n1")).orElseThrow().id())
                .isEqualTo(new NodeId(0, 2));
        catalog.forgotten(new NodeId(0, 2));
        assertThat(catalog.current().node(new NodeName("n1")).orElseThrow().id())
                .isEqualTo(new NodeId(0, 1));
    }

    @Test
    void a_subscription_that_is_closed_hears_nothing_more() {
        CatalogView.Subscription subscription = catalog.subscribe(changes::add);
        subscription.close();
        subscription.close();
        catalog.contentChanged(content(1, List.of(), List.of()));
        assertThat(changes).isEmpty();
    }

    /** The incremental index against one built from nothing, after every step of a random history. */
    @Test
    void the_index_by_service_always_equals_one_built_from_scratch() {
        Property.forLists(150, 60, CatalogTest::randomFact, facts -> {
            Catalog subject = new Catalog();
            List<CatalogChange> steps = new ArrayList<>();
            subject.subscribe(steps::add);
            for (Fact fact : facts) {
                CatalogSnapshot before = subject.current();
                fact.apply(subject);
                assertThat(view(subject.current())).isEqualTo(scratch(subject.current()));
                assertThat(subject.current().index()).isGreaterThanOrEqualTo(before.index());
            }
            for (CatalogChange step : steps) {
                assertThat(step.services()).containsAll(differing(step));
            }
        });
    }

    @Test
    void on_a_host_of_thousands_a_change_of_one_check_builds_one_service_and_suspects_no_other() {
        List<ServiceInstance> services = new ArrayList<>();
        List<CheckState> checks = new ArrayList<>();
        for (int i = 0; i < 4_000; i++) {
            services.add(ServiceInstance.of("s" + i, "svc" + i, 80));
            checks.add(check("c" + i, "s" + i, CheckStatus.PASSING));
        }
        NodeContent before = content(1, services, checks);
        checks.set(1_234, checks.get(1_234).withStatus(CheckStatus.CRITICAL));
        NodeContent after = content(1, services, checks);
        catalog.contentChanged(before);

        assertThat(ContentDifference.services(before, after)).containsExactly(new ServiceName("svc1234"));
        catalog.contentChanged(after);

        assertThat(catalog.current().services())
                .filteredOn(service -> service.index() == catalog.current().index())
                .singleElement()
                .satisfies(built -> assertThat(built.name()).isEqualTo(new ServiceName("svc1234")));
        // What an instance keeps of its host does not grow with what the host has.
        assertThat(instances("svc7").get(0).host().content().services()).isEmpty();
    }

    @Test
    void one_service_more_in_front_or_one_less_at_the_end_suspects_no_other() {
        List<ServiceInstance> some = List.of(ServiceInstance.of("b", "b", 1), ServiceInstance.of("c", "c", 1));
        List<ServiceInstance> more = new ArrayList<>(List.of(ServiceInstance.of("a", "a", 1)));
        more.addAll(some);

        assertThat(ContentDifference.services(content(1, some, List.of()), content(1, more, List.of())))
                .containsExactly(new ServiceName("a"));
        assertThat(ContentDifference.services(content(1, more, List.of()), content(1, more.subList(0, 2), List.of())))
                .containsExactly(new ServiceName("c"));
    }

    private interface Fact {
        void apply(Catalog catalog);
    }

    private static Fact randomFact(SplittableRandom random) {
        int node = random.nextInt(4);
        if (random.nextInt(3) == 0) {
            Liveness liveness = Liveness.values()[random.nextInt(4)];
            return random.nextInt(5) == 0
                    ? catalog -> catalog.forgotten(new NodeId(0, node))
                    : catalog -> catalog.livenessChanged(new NodeId(0, node), liveness);
        }
        List<ServiceInstance> services = new ArrayList<>();
        List<CheckState> checks = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            services.add(ServiceInstance.of("s" + i, "svc" + random.nextInt(3), 80 + random.nextInt(2)));
            checks.add(check("c" + i, "s" + i, CheckStatus.values()[random.nextInt(3)]));
        }
        return catalog -> catalog.contentChanged(content(node, services, checks));
    }

    private static Map<ServiceName, Set<String>> view(CatalogSnapshot snapshot) {
        Map<ServiceName, Set<String>> view = new HashMap<>();
        for (CatalogService service : snapshot.services()) {
            for (CatalogInstance instance : service.instances()) {
                view.computeIfAbsent(service.name(), name -> new HashSet<>()).add(describe(instance));
            }
        }
        return view;
    }

    private static Map<ServiceName, Set<String>> scratch(CatalogSnapshot snapshot) {
        Map<ServiceName, Set<String>> view = new HashMap<>();
        for (CatalogNode node : snapshot.nodes()) {
            for (ServiceInstance service : node.content().services()) {
                view.computeIfAbsent(service.name(), name -> new HashSet<>()).add(describe(instance(node, service)));
            }
        }
        return view;
    }

    /** The definition, written without regard to cost. */
    private static CatalogInstance instance(CatalogNode node, ServiceInstance service) {
        List<CheckState> checks = node.content().checks().stream()
                .filter(check ->
                        check.serviceId().isEmpty() || check.serviceId().equals(service.id()))
                .toList();
        return new CatalogInstance(node, service, checks);
    }

    private static String describe(CatalogInstance instance) {
        return instance.host().id() + " " + instance.host().liveness() + " " + instance.service() + " "
                + instance.checks();
    }

    private static Set<ServiceName> differing(CatalogChange step) {
        Map<ServiceName, Set<String>> before = view(step.before());
        Map<ServiceName, Set<String>> after = view(step.after());
        Set<ServiceName> names = new HashSet<>(before.keySet());
        names.addAll(after.keySet());
        names.removeIf(name -> java.util.Objects.equals(before.get(name), after.get(name)));
        return names;
    }
}
