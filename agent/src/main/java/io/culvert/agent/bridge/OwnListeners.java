package io.culvert.agent.bridge;

import io.culvert.agent.http.StatusReport.Listener;
import io.culvert.gossip.GossipPool;
import io.culvert.gossip.HostPort;
import io.culvert.proxy.tls.TlsPort;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** The sockets of the agent itself, asked for when somebody wants to know. Any thread; asks the kernel. */
public final class OwnListeners implements Supplier<List<Listener>> {
    private static final String RESTART = "restart the agent; its log says what closed it";

    private final Supplier<List<Listener>> api;
    private final TlsPort tls;
    private final GossipPool gossip;

    public OwnListeners(Supplier<List<Listener>> api, TlsPort tls, GossipPool gossip) {
        this.api = api;
        this.tls = tls;
        this.gossip = gossip;
    }

    @Override
    public List<Listener> get() {
        List<Listener> listeners = new ArrayList<>(api.get());
        listeners.add(of("gossip", gossip.listening()));
        listeners.add(of(
                "tls", tls.listening().map(own -> new HostPort(own.getAddress().getHostAddress(), own.getPort()))));
        return listeners;
    }

    static Listener of(String name, Optional<HostPort> bound) {
        if (bound.isEmpty()) {
            return Listener.failed(name, "", "its socket is closed", RESTART);
        }
        String address = bound.get().toString();
        return isOfThisHost(bound.get().host())
                ? Listener.listening(name, address)
                : Listener.failed(
                        name,
                        address,
                        bound.get().host() + " is no address of this host any more: nobody reaches it there",
                        "give the address back to an interface, or set 'bind_addr' and restart the agent");
    }

    /** A socket stays open when its address goes, and nothing tells. */
    private static boolean isOfThisHost(String literal) {
        try {
            InetAddress address = InetAddress.getByName(literal);
            return address.isAnyLocalAddress()
                    || address.isLoopbackAddress()
                    || NetworkInterface.getByInetAddress(address) != null;
        } catch (SocketException e) {
            return true; // cannot be told: no reason to alarm
        } catch (UnknownHostException e) {
            throw new UncheckedIOException("'" + literal + "' came from a socket", e);
        }
    }
}
