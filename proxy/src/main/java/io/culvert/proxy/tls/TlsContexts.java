package io.culvert.proxy.tls;

import io.culvert.catalog.clock.WallClock;
import io.culvert.identity.Fingerprint;
import io.culvert.identity.TrustBundle;
import io.culvert.identity.WorkloadCertificate;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.OpenSslContextOption;
import io.netty.handler.ssl.OpenSslSessionContext;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManager;

/**
 * Makes TLS contexts: BoringSSL where the platform has it, the runtime's own engine elsewhere; TLS 1.3 only, P-256 only,
 * neither tickets nor session caches, so that every connection proves both identities anew. The caller owns what is
 * returned: it is reference counted and goes into a {@link RotatingContext} or is released. Any thread; making one costs
 * about a millisecond.
 */
public final class TlsContexts {
    private static final List<String> CIPHERS =
            List.of("TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256");

    private final WallClock clock;
    private final SslProvider provider;

    /** @param clock tells which certificates are in force */
    public TlsContexts(WallClock clock) {
        this(clock, OpenSsl.isAvailable() ? SslProvider.OPENSSL_REFCNT : SslProvider.JDK);
    }

    TlsContexts(WallClock clock, SslProvider provider) {
        this.clock = clock;
        this.provider = provider;
    }

    /** Presents {@code own}; asks for a client certificate that leads to a root of {@code bundle}. */
    public SslContext mutualServer(WorkloadCertificate own, TrustBundle bundle, String protocol) throws SSLException {
        return finish(
                SslContextBuilder.forServer(OwnKey.factory(own, own.chain()))
                        .clientAuth(ClientAuth.REQUIRE)
                        .trustManager(new PeerTrustManager(bundle, clock)),
                protocol);
    }

    /**
     * Presents {@code own}; takes any server of the mesh. Whether it is the right one must be asked of
     * {@link TlsPeer#of} as soon as the handshake is complete, before a byte is sent.
     */
    public SslContext mutualClient(WorkloadCertificate own, TrustBundle bundle, String protocol) throws SSLException {
        return finish(
                client(new PeerTrustManager(bundle, clock)).keyManager(OwnKey.factory(own, own.chain())), protocol);
    }

    /**
     * Presents {@code own} and the roots, for clients that know nothing but a root's fingerprint; asks for no client
     * certificate. At most four certificates are sent.
     */
    public SslContext joinServer(WorkloadCertificate own, TrustBundle bundle, String protocol) throws SSLException {
        List<X509Certificate> chain = new ArrayList<>(own.chain());
        chain.add(bundle.roots().get(0));
        return finish(SslContextBuilder.forServer(OwnKey.factory(own, chain)).clientAuth(ClientAuth.NONE), protocol);
    }

    /** Presents nothing; takes a server whose chain leads to the root with this fingerprint. */
    public SslContext pinnedClient(Fingerprint root, String protocol) throws SSLException {
        return finish(client(new PinnedTrustManager(root, clock)), protocol);
    }

    /** Host names mean nothing between agents: identities are checked instead. */
    private static SslContextBuilder client(TrustManager trust) {
        return SslContextBuilder.forClient().trustManager(trust).endpointIdentificationAlgorithm(null);
    }

    private SslContext finish(SslContextBuilder builder, String protocol) throws SSLException {
        builder.sslProvider(provider)
                .protocols("TLSv1.3")
                .ciphers(CIPHERS)
                .applicationProtocolConfig(new ApplicationProtocolConfig(
                        ApplicationProtocolConfig.Protocol.ALPN,
                        ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
                        ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
                        protocol));
        if (provider == SslProvider.OPENSSL_REFCNT) {
            // Netty offers X25519MLKEM768 by default: 1.2 KB more in each hello. P-256 is what the leaves use.
            builder.option(OpenSslContextOption.GROUPS, new String[] {"P-256"});
        }
        SslContext context = builder.build();
        if (context.sessionContext() instanceof OpenSslSessionContext sessions) {
            sessions.setSessionCacheEnabled(false);
        }
        return context;
    }
}
