package io.culvert.agent.http.route;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A request, whole and within all bounds.
 *
 * @param path decoded
 * @param query decoded; a name without a value has the empty text
 * @param headers by lower-case name, the last one of each
 * @param parameters from the path, by the names of the route's pattern
 */
public record ApiRequest(
        String method,
        String path,
        Map<String, List<String>> query,
        Map<String, String> headers,
        byte[] body,
        Caller caller,
        Map<String, String> parameters) {

    ApiRequest with(Map<String, String> fromPath) {
        return new ApiRequest(method, path, query, headers, body, caller, fromPath);
    }

    /** A parameter of the path; may be empty. */
    public String parameter(String name) {
        return parameters.getOrDefault(name, "");
    }

    /** Whether the name stands in the query, whatever its value. */
    public boolean has(String name) {
        return query.containsKey(name);
    }

    /** The first value. */
    public Optional<String> query(String name) {
        return queries(name).stream().findFirst();
    }

    public List<String> queries(String name) {
        return query.getOrDefault(name, List.of());
    }

    public Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name.toLowerCase(Locale.ROOT)));
    }
}
