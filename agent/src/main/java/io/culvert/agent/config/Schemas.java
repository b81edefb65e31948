package io.culvert.agent.config;

import static io.culvert.agent.config.KeyType.DURATION;
import static io.culvert.agent.config.KeyType.FLAG;
import static io.culvert.agent.config.KeyType.INTEGER;
import static io.culvert.agent.config.KeyType.TABLE;
import static io.culvert.agent.config.KeyType.TABLES;
import static io.culvert.agent.config.KeyType.TABLE_MAP;
import static io.culvert.agent.config.KeyType.TEXT;
import static io.culvert.agent.config.KeyType.TEXTS;
import static io.culvert.agent.config.KeyType.TEXTS_MAP;
import static io.culvert.agent.config.KeyType.TEXT_MAP;

import java.util.List;

/** Every key of a service file. Consul's names and meanings, and what Culvert adds; docs/configuration.md lists the same. */
public final class Schemas {
    private static final String NO_TOKENS = "there are no ACL tokens here";
    private static final String NO_SIDECAR = "no sidecar process exists: the agent itself carries the streams";

    public static final Schema FILE = Schema.of("file")
            .labelled(1, "service", "services", "check", "checks")
            .labelled(2, "intention", "intentions")
            .build();

    public static final Schema SERVICE = Schema.of("service")
            .used(TEXT, "name", "id")
            .used(TEXTS, "tags")
            .used(TEXT, "address")
            .used(INTEGER, "port")
            .used(TEXT, "socket_path")
            .used(TEXT, "user", "group")
            .used(TABLE_MAP, "tagged_addresses")
            .used(TEXT_MAP, "meta")
            .used(TABLE, "weights")
            .used(FLAG, "enable_tag_override")
            .labelled(1, "check", "checks")
            .used(TABLE, "connect")
            .used(TEXT, "kind", "namespace", "partition")
            .ignored(NO_TOKENS, "token")
            .refused(
                    "a proxy is declared inside the service that it serves: connect { sidecar_service { proxy { … } } }",
                    "proxy")
            .build();

    public static final Schema WEIGHTS =
            Schema.of("weights").used(INTEGER, "passing", "warning").build();

    public static final Schema ADDRESS = Schema.of("tagged_addresses")
            .used(TEXT, "address")
            .used(INTEGER, "port")
            .build();

    public static final Schema CHECK = Schema.of("check")
            .used(TEXT, "id", "name", "service_id", "notes", "status")
            .aliased(TEXTS, "args", "script_args")
            .used(TEXT_MAP, "environment")
            .used(TEXT, "working_directory", "user")
            .used(TEXT, "http", "method")
            .used(TEXTS_MAP, "header")
            .used(TEXT, "body", "socket_path")
            .used(TEXT, "tcp", "unix", "grpc")
            .used(FLAG, "grpc_use_tls", "tls_skip_verify")
            .used(TEXT, "tls_server_name", "tls_ca_file")
            .used(DURATION, "ttl")
            .used(TEXT, "alias_service", "alias_node")
            .used(DURATION, "interval", "timeout")
            .used(INTEGER, "success_before_passing", "failures_before_critical")
            .used(DURATION, "deregister_critical_service_after")
            .used(INTEGER, "output_max_size")
            .ignored(NO_TOKENS, "token")
            .refused("a script is a list of arguments without a shell: args = [\"sh\", \"-c\", \"…\"]", "script")
            .refused("run it as a script: args = [\"docker\", \"exec\", …]", "docker_container_id")
            .refused("name the shell in the script's arguments: args = [\"sh\", \"-c\", \"…\"]", "shell")
            .refused("HTTP/2 pings are not sent: use grpc, http or tcp", "h2ping")
            .build();

    public static final Schema CONNECT = Schema.of("connect")
            .used(FLAG, "native")
            .used(TABLE, "sidecar_service")
            .refused("it belongs in sidecar_service { proxy { … } }", "proxy")
            .build();

    public static final Schema SIDECAR = Schema.of("sidecar_service")
            .used(TABLE, "proxy")
            .ignored(
                    NO_SIDECAR,
                    "name",
                    "port",
                    "address",
                    "socket_path",
                    "tags",
                    "meta",
                    "tagged_addresses",
                    "weights",
                    "enable_tag_override",
                    "check",
                    "checks",
                    "kind")
            .ignored(NO_TOKENS, "token")
            .refused("the agent gives the id", "id")
            .refused("a sidecar has no sidecar of its own", "connect")
            .build();

    public static final Schema PROXY = Schema.of("proxy")
            .used(TABLES, "upstreams")
            .used(TEXT, "local_service_address")
            .used(INTEGER, "local_service_port")
            .used(TEXT, "local_service_socket_path")
            .used(TEXT, "destination_service_name", "destination_service_id", "mode")
            .ignored("it holds options of other proxies", "config")
            .ignored("no path is opened without mTLS; HTTP checks of the agent reach the service directly", "expose")
            .ignored("hosts reach each other directly, without gateways", "mesh_gateway")
            .ignored("names in DNS lead into the mesh, without redirection", "transparent_proxy")
            .build();

    public static final Schema UPSTREAM = Schema.of("upstreams")
            .used(TEXT, "destination_name", "destination_type", "destination_namespace", "datacenter")
            .used(TEXT, "local_bind_socket_path", "local_bind_socket_mode")
            .used(TEXT, "local_bind_socket_owner", "local_bind_socket_group")
            .used(TEXT, "local_bind_address")
            .used(INTEGER, "local_bind_port")
            .ignored("it holds options of other proxies", "config")
            .ignored("hosts reach each other directly, without gateways", "mesh_gateway")
            .build();

    public static final Schema INTENTION = Schema.of("intention")
            .aliased(TEXT, "source", "source_name")
            .aliased(TEXT, "destination", "destination_name")
            .used(TEXT, "action", "description")
            .used(TEXT_MAP, "meta")
            .used(TEXT, "source_type")
            .ignored("precedence follows from the names", "precedence")
            .refused("a stream is allowed or denied as a whole; requests inside it are not looked at", "permissions")
            .build();

    /** All of them, in the order of the documentation. */
    public static final List<Schema> ALL =
            List.of(FILE, SERVICE, WEIGHTS, ADDRESS, CHECK, CONNECT, SIDECAR, PROXY, UPSTREAM, INTENTION);

    private Schemas() {}
}
