package io.culvert.agent.join;

import io.culvert.identity.disk.Pem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What is said while joining and when certificates are signed. Certificates are DER, in base64 as JSON has it. */
final class JoinMessages {
    /** For strangers, under the server name {@code join}. */
    static final String JOIN = "join.redeem";

    /** For hosts whose certificate expired while they were off. */
    static final String RENEW = "join.renew";

    /** For members, under the server name {@code agent}. */
    static final String SIGN = "identity.sign";

    private static final int MOST_CERTIFICATES = 16;

    private JoinMessages() {}

    /**
     * Asks to be let in.
     *
     * @param nodeKey the node's public key, 32 bytes: its id in the gossip pool follows from it
     * @param request PKCS #10
     */
    record JoinRequest(long token, byte[] secret, String node, String datacenter, byte[] nodeKey, byte[] request) {}

    /** @param poolKey 32 bytes: the secret of the gossip pool */
    record JoinAnswer(
            String trustDomain,
            String datacenter,
            byte[] poolKey,
            List<byte[]> chain,
            List<byte[]> roots,
            List<Seat> servers,
            List<String> gossipSeeds) {
        JoinAnswer {
            chain = List.copyOf(chain);
            roots = List.copyOf(roots);
            servers = List.copyOf(servers);
            gossipSeeds = List.copyOf(gossipSeeds);
        }
    }

    record Seat(String address, String id) {
        static Seat of(ServerSeat seat) {
            return new Seat(seat.address(), seat.id().uri());
        }

        ServerSeat toSeat() {
            return new ServerSeat(address, MeshFiles.agent(id));
        }
    }

    /** @param id the caller's own, or that of a service on its host */
    record SignRequest(String id, byte[] request) {}

    record SignAnswer(List<byte[]> chain, List<byte[]> roots) {
        SignAnswer {
            chain = List.copyOf(chain);
            roots = List.copyOf(roots);
        }

        SignedCertificate toSigned() throws IOException {
            return new SignedCertificate(certificates(chain), certificates(roots));
        }
    }

    /**
     * Asks for a successor of an expired certificate.
     *
     * @param signature over {@link #renewalProof}, by the key of the expired certificate
     */
    record RenewRequest(List<byte[]> chain, byte[] request, byte[] signature) {
        RenewRequest {
            chain = List.copyOf(chain); // also refuses a null among them
        }
    }

    /** What the old key signs: bound to the new key, so that whoever repeats it gains nothing. */
    static byte[] renewalProof(byte[] request) {
        byte[] label = "culvert/renew/1\n".getBytes(StandardCharsets.US_ASCII);
        byte[] proof = Arrays.copyOf(label, label.length + request.length);
        System.arraycopy(request, 0, proof, label.length, request.length);
        return proof;
    }

    static List<byte[]> der(List<X509Certificate> certificates) {
        List<byte[]> der = new ArrayList<>();
        for (X509Certificate certificate : certificates) {
            try {
                der.add(certificate.getEncoded());
            } catch (CertificateEncodingException e) {
                throw new IllegalArgumentException("certificate cannot be encoded", e);
            }
        }
        return der;
    }

    static List<X509Certificate> certificates(List<byte[]> der) throws IOException {
        if (der.isEmpty() || der.size() > MOST_CERTIFICATES) {
            throw new IOException(der.size() + " certificates (expected: 1 to " + MOST_CERTIFICATES + ")");
        }
        List<X509Certificate> certificates = new ArrayList<>();
        for (byte[] one : der) {
            certificates.add(Pem.certificate(one));
        }
        return certificates;
    }
}
