package io.culvert.agent.local.json;

import java.net.URI;
import java.net.URISyntaxException;

/** What a URL of an HTTP check must have. */
final class HttpUrl {
    private HttpUrl() {}

    static void check(String url) throws InputRefused {
        try {
            URI uri = new URI(url);
            boolean http = "http".equalsIgnoreCase(uri.getScheme()) || "https".equalsIgnoreCase(uri.getScheme());
            if (http && uri.getHost() != null && !uri.getHost().isEmpty()) {
                return;
            }
        } catch (URISyntaxException e) {
            throw refused(url, e.getReason());
        }
        throw refused(url, "no http or https host");
    }

    private static InputRefused refused(String url, String why) {
        return InputRefused.invalid("Invalid check: HTTP '" + url + "': " + why
                + " (expected: a URL such as http://127.0.0.1:8080/health)");
    }
}
