package io.culvert.proxy.tls;

import io.culvert.identity.SpiffeId;
import io.netty.channel.Channel;
import io.netty.handler.ssl.SslHandler;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import javax.net.ssl.SSLPeerUnverifiedException;

/**
 * The peer of a finished handshake, whose chain was verified inside it.
 *
 * @param chain as presented, leaf first: kept so that it can be verified again when the bundle changes
 * @param notAfter when the first certificate of the chain expires
 */
public record TlsPeer(SpiffeId id, List<X509Certificate> chain, Instant notAfter) {
    private static final Integer URI_NAME = 6;

    public TlsPeer {
        chain = List.copyOf(chain);
    }

    /** Reads it from a channel whose handshake has completed; throws if the peer presented nothing. */
    public static TlsPeer of(Channel channel) throws SSLPeerUnverifiedException {
        SslHandler tls = channel.pipeline().get(SslHandler.class);
        if (tls == null) {
            throw new SSLPeerUnverifiedException("no TLS on this channel");
        }
        List<X509Certificate> chain = new ArrayList<>();
        for (Certificate certificate : tls.engine().getSession().getPeerCertificates()) {
            chain.add((X509Certificate) certificate);
        }
        try {
            return new TlsPeer(claimedId(chain.get(0)), chain, firstExpiry(chain));
        } catch (CertificateException | IllegalArgumentException e) {
            throw (SSLPeerUnverifiedException)
                    new SSLPeerUnverifiedException("the peer's certificate carries no identity").initCause(e);
        }
    }

    /** The id that {@code leaf} carries: what it claims, true only once its chain is verified. */
    static SpiffeId claimedId(X509Certificate leaf) throws CertificateException {
        Collection<List<?>> names = leaf.getSubjectAlternativeNames();
        if (names == null) {
            throw new CertificateParsingException("no alternative name");
        }
        for (List<?> name : names) {
            if (URI_NAME.equals(name.get(0))) {
                return SpiffeId.parse(String.valueOf(name.get(1)));
            }
        }
        throw new CertificateParsingException("no URI among the alternative names");
    }

    private static Instant firstExpiry(List<X509Certificate> chain) {
        Instant first = Instant.MAX;
        for (X509Certificate certificate : chain) {
            Instant notAfter = certificate.getNotAfter().toInstant();
            first = notAfter.isBefore(first) ? notAfter : first;
        }
        return first;
    }
}
