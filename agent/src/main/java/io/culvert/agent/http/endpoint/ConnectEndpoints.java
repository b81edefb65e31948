package io.culvert.agent.http.endpoint;

import com.fasterxml.jackson.core.JsonGenerator;
import io.culvert.agent.http.Policy;
import io.culvert.agent.http.json.ConsulJson;
import io.culvert.agent.http.route.Answer;
import io.culvert.agent.http.route.ApiRefusal;
import io.culvert.agent.http.route.ApiRequest;
import io.culvert.agent.http.route.Readout;
import io.culvert.agent.http.route.Reply;
import io.culvert.agent.http.route.Router;
import io.culvert.agent.http.route.Topic;
import io.culvert.identity.TrustBundle;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;

/** {@code connect/ca}: the roots that are trusted. Leaf keys are not handed out: the agent itself is the proxy. */
final class ConnectEndpoints {
    private static final HexFormat COLONS = HexFormat.ofDelimiter(":");
    private static final Base64.Encoder PEM = Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII));

    private final Policy policy;
    private final Reads reads;

    ConnectEndpoints(Policy policy, Reads reads) {
        this.policy = policy;
        this.reads = reads;
    }

    void add(Router.Builder routes) {
        routes.get("/v1/connect/ca/roots", this::roots)
                .get("/v1/agent/connect/ca/roots", request -> cached(roots(request)))
                .notYet(
                        "GET",
                        "/v1/agent/connect/ca/leaf/:service",
                        "keys of services are not handed out yet; the agent itself is the proxy of its services")
                .notYet("GET,PUT", "/v1/connect/ca/configuration", "the authority is not configured over the API yet");
    }

    /** It always is in this agent's memory. */
    private static Reply cached(Reply reply) {
        return reply instanceof Answer answer ? answer.with("X-Cache", "HIT").with("Age", "0") : reply;
    }

    private Reply roots(ApiRequest request) throws ApiRefusal {
        Optional<TrustBundle> bundle = policy.bundle();
        if (bundle.isEmpty()) {
            throw new ApiRefusal(
                    500, "No cluster leader: this host has no trust anchor yet (it has not joined a mesh)");
        }
        if (Reads.flag(request, "pem", "Invalid value for pem")) {
            StringBuilder chain = new StringBuilder();
            bundle.get().roots().forEach(root -> chain.append(pem(root)));
            return Answer.bytes(
                    200, "application/pem-certificate-chain", chain.toString().getBytes(StandardCharsets.US_ASCII));
        }
        return reads.blocking(request, Topic.ROOTS, () -> {
            TrustBundle present = policy.bundle().orElse(bundle.get());
            return new Readout(Math.max(1, present.generation() + 1), () -> Answer.json(json -> write(json, present)));
        });
    }

    private void write(JsonGenerator json, TrustBundle bundle) throws IOException {
        json.writeStartObject();
        json.writeStringField("ActiveRootID", id(bundle.roots().get(0)));
        json.writeStringField("TrustDomain", bundle.trustDomain().text());
        json.writeFieldName("Roots");
        ConsulJson.array(json, bundle.roots(), (to, root) -> writeRoot(to, bundle, root));
        json.writeEndObject();
    }

    private void writeRoot(JsonGenerator json, TrustBundle bundle, X509Certificate root) throws IOException {
        String domain = bundle.trustDomain().text();
        int dot = domain.indexOf('.');
        json.writeStartObject();
        json.writeStringField("ID", id(root));
        json.writeStringField("Name", "Culvert CA Root Cert");
        json.writeNumberField("SerialNumber", shortSerial(root.getSerialNumber()));
        json.writeStringField("SigningKeyID", keyId(root.getPublicKey()));
        json.writeStringField("ExternalTrustDomain", dot < 0 ? domain : domain.substring(0, dot));
        json.writeStringField("NotBefore", root.getNotBefore().toInstant().toString());
        json.writeStringField("NotAfter", root.getNotAfter().toInstant().toString());
        json.writeStringField("RootCert", pem(root));
        json.writeNullField("IntermediateCerts");
        json.writeBooleanField("Active", root.equals(bundle.roots().get(0)));
        json.writeStringField("PrivateKeyType", root.getPublicKey() instanceof RSAPublicKey ? "rsa" : "ec");
        json.writeNumberField("PrivateKeyBits", bits(root.getPublicKey()));
        long index = reads.base() + Math.max(1, bundle.generation() + 1);
        ConsulJson.indexes(json, index, index);
        json.writeEndObject();
    }

    /** Consul's clients read an unsigned 64-bit number; ours are longer and random. */
    private static BigInteger shortSerial(BigInteger serial) {
        return serial.and(BigInteger.ONE.shiftLeft(63).subtract(BigInteger.ONE));
    }

    private static int bits(PublicKey key) {
        if (key instanceof ECPublicKey ec) {
            return ec.getParams().getOrder().bitLength();
        }
        return key instanceof RSAPublicKey rsa ? rsa.getModulus().bitLength() : 0;
    }

    private static String id(X509Certificate root) {
        try {
            return COLONS.formatHex(sha1(root.getEncoded()));
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException("a root that was read can be written", e);
        }
    }

    private static String keyId(PublicKey key) {
        return COLONS.formatHex(sha1(key.getEncoded()));
    }

    /** A name, not a protection: Consul identifies roots by SHA-1. */
    private static byte[] sha1(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-1").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-1", e);
        }
    }

    private static String pem(X509Certificate certificate) {
        try {
            return "-----BEGIN CERTIFICATE-----\n" + PEM.encodeToString(certificate.getEncoded())
                    + "\n-----END CERTIFICATE-----\n";
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException("a root that was read can be written", e);
        }
    }
}
