package io.culvert.agent.http.endpoint;

import io.culvert.agent.http.route.Router;

/** Paths that Consul has and this agent does not answer yet: 501 with a sentence, never a bare 404. */
final class NotYet {
    private static final String STORE = "the servers' store (key/value, sessions, transactions) is not offered yet";
    private static final String ACL = "ACL support disabled: there are no tokens and policies yet";
    private static final String RAFT = "the servers' store is not offered yet";

    private NotYet() {}

    static void add(Router.Builder routes) {
        routes.notYet("GET,PUT,DELETE", "/v1/kv/:key", STORE)
                .notYet("PUT", "/v1/txn", STORE)
                .notYet("PUT", "/v1/session/create", STORE)
                .notYet("PUT", "/v1/session/destroy/:id", STORE)
                .notYet("PUT", "/v1/session/renew/:id", STORE)
                .notYet("GET", "/v1/session/info/:id", STORE)
                .notYet("GET", "/v1/session/node/:node", STORE)
                .notYet("GET", "/v1/session/list", STORE)
                .notYet("PUT", "/v1/event/fire/:name", "user events are not offered yet")
                .notYet("GET", "/v1/event/list", "user events are not offered yet")
                .notYet("PUT", "/v1/config", "config entries are not offered yet")
                .notYet("GET", "/v1/config/:kind", "config entries are not offered yet")
                .notYet("GET,DELETE", "/v1/config/:kind/:name", "config entries are not offered yet")
                .notYet("GET,POST", "/v1/discovery-chain/:service", "config entries are not offered yet")
                .notYet("GET,POST", "/v1/query", "prepared queries are not offered yet")
                .notYet("GET,PUT,DELETE", "/v1/query/:id", "prepared queries are not offered yet")
                .notYet("GET", "/v1/query/:id/execute", "prepared queries are not offered yet")
                .notYet("GET", "/v1/query/:id/explain", "prepared queries are not offered yet")
                .notYet("GET,PUT", "/v1/snapshot", RAFT);
        addOperator(routes);
    }

    private static void addOperator(Router.Builder routes) {
        routes.notYet("GET", "/v1/operator/raft/configuration", RAFT)
                .notYet("DELETE", "/v1/operator/raft/peer", RAFT)
                .notYet("GET,PUT", "/v1/operator/autopilot/configuration", RAFT)
                .notYet("GET", "/v1/operator/autopilot/health", RAFT)
                .notYet("GET", "/v1/operator/autopilot/state", RAFT)
                .notYet("GET", "/v1/internal/:path", "it is private to Consul's own web pages")
                .notYet("GET", "/ui", "the web pages are not offered yet")
                .notYet("GET,PUT,POST,DELETE", "/v1/acl/:path", ACL);
    }
}
