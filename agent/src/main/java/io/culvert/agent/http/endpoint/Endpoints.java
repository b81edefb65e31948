package io.culvert.agent.http.endpoint;

import io.culvert.agent.http.HttpApiSettings;
import io.culvert.agent.http.JoinTokens;
import io.culvert.agent.http.Lifecycle;
import io.culvert.agent.http.Membership;
import io.culvert.agent.http.Policy;
import io.culvert.agent.http.StatusReport;
import io.culvert.agent.http.route.Router;
import io.culvert.agent.keyring.PoolKeys;
import io.culvert.agent.local.CheckRunner;
import io.culvert.agent.local.LocalState;
import io.culvert.agent.local.json.RegistrationReader;
import io.culvert.agent.outputs.CheckOutputs;
import io.culvert.catalog.CatalogView;
import io.culvert.catalog.NodeRecord;
import io.culvert.catalog.clock.WallClock;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.function.Supplier;

/** All routes of the API. */
public final class Endpoints {
    private Endpoints() {}

    /**
     * What the endpoints read and steer.
     *
     * @param registrations reads bodies of registrations; knows whether script checks may come this way
     */
    public record Doors(
            LocalState local,
            RegistrationReader registrations,
            CheckRunner checks,
            CatalogView catalog,
            Membership membership,
            Policy policy,
            JoinTokens joinTokens,
            PoolKeys keys,
            CheckOutputs outputs,
            Lifecycle lifecycle,
            StatusReport report,
            PrometheusRegistry metrics) {}

    public static Router router(Doors doors, HttpApiSettings settings, WallClock clock) {
        Supplier<String> datacenter =
                () -> doors.local().view().content().node().datacenter();
        // Milliseconds of the start grow from start to start, and faster than any catalogue changes.
        long base = clock.now().toEpochMilli();
        Reads reads = new Reads(settings, base, datacenter, doors.policy());
        CheckViews views = new CheckViews(doors.local(), base, doors.outputs());
        Router.Builder routes = Router.builder();
        new AgentEndpoints(doors.local(), doors.membership(), doors.lifecycle(), doors.report()).add(routes);
        new LocalEndpoints(doors.local(), reads, views).add(routes);
        new RegistrationEndpoints(doors.local(), doors.registrations(), doors.checks()).add(routes);
        Supplier<NodeRecord> self = () -> doors.local().view().content().node();
        Nearness nearness = new Nearness(doors.membership(), () -> self.get().id());
        new CatalogEndpoints(doors.catalog(), reads, nearness, datacenter).add(routes);
        new HealthEndpoints(doors.catalog(), reads, nearness, views).add(routes);
        new CoordinateEndpoints(doors.catalog(), reads, doors.membership(), self).add(routes);
        new IntentionEndpoints(doors.policy(), reads).add(routes);
        new ConnectEndpoints(doors.policy(), reads).add(routes);
        new StatusEndpoints(doors.membership(), reads).add(routes);
        new MetricsEndpoints(doors.metrics(), clock).add(routes);
        new CulvertEndpoints(doors, clock).add(routes);
        new PoolEndpoints(doors.membership()).add(routes);
        new JoinTokenEndpoints(doors.joinTokens()).add(routes);
        new KeyringEndpoints(doors.keys(), reads, datacenter).add(routes);
        NotYet.add(routes);
        return routes.build();
    }
}
