package io.culvert.testbed.strangers;

import io.culvert.identity.WorkloadCertificate;
import io.culvert.proxy.frame.AppTransport;
import io.culvert.proxy.frame.Frame;
import io.culvert.proxy.frame.FrameDecoder;
import io.culvert.proxy.frame.FrameEncoder;
import io.culvert.proxy.frame.FrameFault;
import io.culvert.proxy.frame.FrameSink;
import io.culvert.proxy.frame.Hello;
import io.culvert.proxy.frame.Id128;
import io.culvert.proxy.frame.Limits;
import io.culvert.proxy.frame.Open;
import io.culvert.proxy.frame.Opened;
import io.culvert.proxy.frame.Refused;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * One call to the TLS port with whatever the caller holds, up to an OPEN and some data for the application. A client of
 * TLS 1.3 believes that it is in before the server has looked at its certificate, so only a frame from there counts.
 *
 * @param serverName empty: none is sent
 * @param protocols application protocols, none when empty
 * @param own empty: no certificate
 * @param target what OPEN asks for
 */
record TlsCall(
        Optional<String> serverName,
        List<String> protocols,
        String tls,
        Optional<WorkloadCertificate> own,
        String target) {
    private static final int TIMEOUT_MILLIS = 8_000;

    TlsCall {
        protocols = List.copyOf(protocols);
    }

    /** What became of it, in a few words. */
    String make(InetAddress from, InetSocketAddress to, byte[] firstWords) throws IOException {
        try (Socket plain = new Socket()) {
            plain.bind(new InetSocketAddress(from, 0));
            plain.setSoTimeout(TIMEOUT_MILLIS);
            plain.connect(to, TIMEOUT_MILLIS);
            SSLSocket socket = (SSLSocket)
                    context().getSocketFactory().createSocket(plain, to.getHostString(), to.getPort(), true);
            socket.setSSLParameters(parameters(socket.getSSLParameters()));
            Heard heard = new Heard();
            String end = converse(socket, firstWords, heard);
            return heard + end;
        }
    }

    /** HELLO and OPEN at once, as a client of the mesh says them. */
    byte[] frames() {
        return frames("");
    }

    /** HELLO, OPEN and data: the stream is not waited for. */
    byte[] frames(String data) {
        ByteBuf out = Unpooled.buffer();
        FrameEncoder.append(
                out, new Hello(Hello.VERSION, 0, 1, Limits.DATA, 0, 60_000, 0, new Id128(0x5ca1ab1e, 0x0ddba11)));
        FrameEncoder.append(
                out, new Open(1, AppTransport.TCP, 0, Optional.empty(), target, "", "", new Id128(1, 2), 5_000, ""));
        byte[] words = data.getBytes(StandardCharsets.US_ASCII);
        if (words.length > 0) {
            out.writeLong(FrameEncoder.dataHeader(1, words.length)).writeBytes(words);
        }
        byte[] bytes = new byte[out.readableBytes()];
        out.readBytes(bytes);
        return bytes;
    }

    private static String converse(SSLSocket socket, byte[] firstWords, Heard heard) {
        try {
            socket.startHandshake();
            socket.getOutputStream().write(firstWords);
            InputStream in = socket.getInputStream();
            FrameDecoder decoder = new FrameDecoder(heard);
            byte[] chunk = new byte[16_384];
            while (!heard.decided) {
                int length = in.read(chunk);
                if (length < 0) {
                    return "closed";
                }
                decoder.feed(Unpooled.copiedBuffer(chunk, 0, length));
            }
            return "";
        } catch (IOException e) {
            return e.getClass().getSimpleName() + ": " + e.getMessage();
        }
    }

    private SSLParameters parameters(SSLParameters parameters) {
        parameters.setServerNames(serverName
                .map(name -> List.<javax.net.ssl.SNIServerName>of(new SNIHostName(name)))
                .orElse(List.of()));
        parameters.setApplicationProtocols(protocols.toArray(String[]::new));
        parameters.setProtocols(new String[] {tls});
        return parameters;
    }

    private SSLContext context() {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(
                    own.map(certificate -> new KeyManager[] {new Credentials(certificate)})
                            .orElse(new KeyManager[0]),
                    new TrustManager[] {new TrustsAnybody()},
                    new SecureRandom());
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java runtime has TLS", e);
        }
    }

    /** Frames that came back. */
    private static final class Heard implements FrameSink {
        private final StringBuilder words = new StringBuilder();
        private boolean decided;

        @Override
        public void frame(Frame frame) {
            if (frame instanceof Opened) {
                words.append(Visit.LET_IN).append(' ');
                decided = true;
            } else if (frame instanceof Refused refused) {
                words.append("REFUSED ").append(refused.code()).append(' ');
                decided = true;
            } else {
                words.append(frame.type()).append(' ');
            }
        }

        @Override
        public void data(int ordinal, ByteBuf bytes) {
            words.append(Visit.LET_IN)
                    .append(" with ")
                    .append(bytes.readableBytes())
                    .append(" bytes ");
            bytes.release();
            decided = true;
        }

        @Override
        public void fault(FrameFault fault, String detail) {
            words.append("no frame: ").append(fault).append(' ');
            decided = true;
        }

        @Override
        public String toString() {
            return words.toString();
        }
    }

    /** A stranger does not care whom he talks to. */
    private static final class TrustsAnybody extends X509ExtendedTrustManager {
        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
