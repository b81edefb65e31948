package io.culvert.agent.http.route;

import io.culvert.agent.http.route.Route.Access;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Finds the route of a path: a tree of segments, in which literals win over parameters. Immutable once built. */
public final class Router {
    private final Node root;

    private Router(Node root) {
        this.root = root;
    }

    /** What became of looking up a method and a path. */
    public sealed interface Match {}

    /** @param request the one that was asked for, with the parameters of the path */
    public record Found(Route route, ApiRequest request) implements Match {}

    /** @param allowed methods of this path, in the order of the alphabet, {@code OPTIONS} first as in Consul */
    public record OtherMethods(List<String> allowed) implements Match {}

    public record Unknown() implements Match {}

    private static final class Node {
        private final Map<String, Node> literals = new HashMap<>();
        private @Nullable Node parameter;
        private String parameterName = "";
        private final Map<String, Route> routes = new TreeMap<>();
    }

    /** {@code HEAD} is looked up as {@code GET}. */
    public Match find(ApiRequest request) {
        Map<String, String> parameters = new LinkedHashMap<>();
        Node node = find(root, request.path(), 1, parameters);
        if (node == null) {
            return new Unknown();
        }
        Route route = node.routes.get(request.method().equals("HEAD") ? "GET" : request.method());
        return route == null ? new OtherMethods(allowed(node)) : new Found(route, request.with(Map.copyOf(parameters)));
    }

    /** Every route, in the order of paths: what the documentation and the tests are checked against. */
    public List<Route> routes() {
        List<Route> all = new ArrayList<>();
        collect(root, all);
        all.sort((a, b) -> (a.pattern() + " " + a.method()).compareTo(b.pattern() + " " + b.method()));
        return all;
    }

    private static void collect(Node node, List<Route> all) {
        all.addAll(node.routes.values());
        node.literals.values().forEach(child -> collect(child, all));
        if (node.parameter != null) {
            collect(node.parameter, all);
        }
    }

    private static List<String> allowed(Node node) {
        List<String> methods = new ArrayList<>(List.of("OPTIONS"));
        methods.addAll(node.routes.keySet());
        if (node.routes.containsKey("GET")) {
            methods.add("HEAD");
        }
        return methods;
    }

    private static @Nullable Node find(Node node, String path, int at, Map<String, String> parameters) {
        if (at > path.length()) {
            return node.routes.isEmpty() ? null : node;
        }
        int slash = path.indexOf('/', at);
        int end = slash < 0 ? path.length() : slash;
        Node literal = node.literals.get(path.substring(at, end));
        if (literal != null) {
            Node found = find(literal, path, end + 1, parameters);
            if (found != null) {
                return found;
            }
        }
        Node parameter = node.parameter;
        if (parameter == null) {
            return null;
        }
        boolean last = parameter.literals.isEmpty() && parameter.parameter == null;
        int until = last ? path.length() : end;
        Node found = last ? parameter : find(parameter, path, end + 1, parameters);
        if (found != null) {
            parameters.put(node.parameterName, path.substring(at, until));
        }
        return found;
    }

    public static Builder builder() {
        return new Builder();
    }

    /** Collects routes. A path that is taken twice is a bug and throws. */
    public static final class Builder {
        private final Node root = new Node();

        public Builder get(String pattern, Handler handler) {
            return add(new Route("GET", pattern, Access.READ, handler));
        }

        public Builder put(String pattern, Handler handler) {
            return add(new Route("PUT", pattern, Access.OPERATE, handler));
        }

        public Builder post(String pattern, Handler handler) {
            return add(new Route("POST", pattern, Access.OPERATE, handler));
        }

        public Builder delete(String pattern, Handler handler) {
            return add(new Route("DELETE", pattern, Access.OPERATE, handler));
        }

        /** A path that Consul has and this agent has not yet: 501 with a sentence. Bodies are not looked at. */
        public Builder notYet(String methods, String pattern, String sentence) {
            for (String method : methods.split(",")) {
                add(new Route(method, pattern, Access.READ, request -> {
                    throw new ApiRefusal(501, request.method() + " " + request.path() + ": " + sentence);
                }));
            }
            return this;
        }

        public Builder add(Route route) {
            Node node = root;
            for (String segment : route.pattern().substring(1).split("/", -1)) {
                node = segment.startsWith(":") ? parameter(node, segment.substring(1)) : literal(node, segment);
            }
            if (node.routes.put(route.method(), route) != null) {
                throw new IllegalArgumentException("route taken: " + route.method() + " " + route.pattern());
            }
            return this;
        }

        private static Node literal(Node node, String segment) {
            return node.literals.computeIfAbsent(segment, name -> new Node());
        }

        private static Node parameter(Node node, String name) {
            Node child = Optional.ofNullable(node.parameter).orElseGet(Node::new);
            if (node.parameter != null && !node.parameterName.equals(name)) {
                throw new IllegalArgumentException(
                        "parameter :" + name + " is called :" + node.parameterName + " elsewhere");
            }
            node.parameter = child;
            node.parameterName = name;
            return child;
        }

        public Router build() {
            return new Router(root);
        }
    }
}
