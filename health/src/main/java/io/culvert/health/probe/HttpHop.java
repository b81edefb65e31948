package io.culvert.health.probe;

import io.culvert.health.CheckKind;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * One request of an HTTP check: the first, or what a redirect makes of it.
 *
 * @param headers as declared, names in any case
 */
record HttpHop(URI url, HttpOrigin origin, String method, Map<String, List<String>> headers, String body) {
    private static final String USER_AGENT = "Culvert Health Check";
    private static final String ACCEPT = "text/plain, text/*, */*";

    /** What must not follow a redirect to another origin, as in Go's client: it was meant for the first one. */
    private static final Set<String> PERSONAL =
            Set.of("authorization", "cookie", "cookie2", "www-authenticate", "host");

    /** @throws IllegalArgumentException with a message for the check's output */
    static HttpHop first(CheckKind.Http check) {
        URI url = parse(check.url());
        String method = check.method().isEmpty() ? "GET" : check.method();
        return new HttpHop(url, originOf(url), method, check.headers(), check.body());
    }

    /** The URL without a password that it may carry. */
    static String shown(String url) {
        return url.replaceFirst("://[^/?#@]*@", "://****@");
    }

    /**
     * What to ask next. As browsers and Go do it: 301, 302 and 303 turn into GET, 307 and 308 repeat (RFC 9110 §15.4).
     *
     * @throws IllegalArgumentException when there is no sense in {@code location}
     */
    HttpHop redirected(int status, String location) {
        URI next = resolve(location);
        HttpOrigin nextOrigin = originOf(next);
        Map<String, List<String>> kept = new TreeMap<>(headers);
        if (!nextOrigin.equals(origin)) {
            kept.keySet().removeIf(name -> PERSONAL.contains(name.toLowerCase(Locale.ROOT)));
        }
        boolean repeat = status == 307 || status == 308 || method.equals("HEAD");
        return new HttpHop(next, nextOrigin, repeat ? method : "GET", kept, repeat ? body : "");
    }

    /** The message itself; its reference passes to the caller. */
    FullHttpRequest request() {
        ByteBuf content = Unpooled.copiedBuffer(body, StandardCharsets.UTF_8);
        FullHttpRequest request =
                new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.valueOf(method), target(), content);
        HttpHeaders out = request.headers();
        out.set(HttpHeaderNames.HOST, origin.authority());
        out.set(HttpHeaderNames.USER_AGENT, USER_AGENT);
        out.set(HttpHeaderNames.ACCEPT, ACCEPT);
        setCredentials(out);
        headers.forEach(out::set);
        out.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        out.remove(HttpHeaderNames.TRANSFER_ENCODING);
        out.remove(HttpHeaderNames.CONTENT_LENGTH);
        if (content.isReadable() || method.equals("POST") || method.equals("PUT") || method.equals("PATCH")) {
            out.set(HttpHeaderNames.CONTENT_LENGTH, content.readableBytes());
        }
        return request;
    }

    private String target() {
        String path = url.getRawPath() == null || url.getRawPath().isEmpty() ? "/" : url.getRawPath();
        return url.getRawQuery() == null ? path : path + "?" + url.getRawQuery();
    }

    private void setCredentials(HttpHeaders out) {
        String authority = url.getAuthority();
        int at = authority.lastIndexOf('@');
        if (at >= 0) {
            byte[] credentials = authority.substring(0, at).getBytes(StandardCharsets.UTF_8);
            out.set(
                    HttpHeaderNames.AUTHORIZATION,
                    "Basic " + Base64.getEncoder().encodeToString(credentials));
        }
    }

    /** {@link URI#resolve} follows RFC 2396, which takes a lone query for a sibling of the path (RFC 3986 does not). */
    private URI resolve(String location) {
        URI base = parse(
                origin.tls() ? "https://" + origin.authority() + target() : "http://" + origin.authority() + target());
        if (location.startsWith("?")) {
            return parse(base.toString().replaceFirst("\\?.*$", "") + location);
        }
        try {
            return base.resolve(new URI(location));
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("redirect to '" + location + "', which is no URL", e);
        }
    }

    private static URI parse(String url) {
        try {
            return new URI(url);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("'" + shown(url) + "' is no URL (" + e.getReason() + ")", e);
        }
    }

    private static HttpOrigin originOf(URI url) {
        String scheme = String.valueOf(url.getScheme()).toLowerCase(Locale.ROOT);
        if (!scheme.equals("http") && !scheme.equals("https")) {
            throw new IllegalArgumentException(
                    "scheme '" + url.getScheme() + "' of '" + shown(url.toString()) + "' (expected: http or https)");
        }
        String authority = String.valueOf(url.getRawAuthority());
        return HttpOrigin.parse(scheme.equals("https"), authority.substring(authority.lastIndexOf('@') + 1));
    }
}
