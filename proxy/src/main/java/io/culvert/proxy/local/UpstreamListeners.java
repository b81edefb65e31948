package io.culvert.proxy.local;

import io.culvert.catalog.IpAddress;
import io.culvert.proxy.ListenerStatus;
import io.culvert.proxy.Upstream;
import io.culvert.proxy.relay.Wiring;
import io.netty.channel.Channel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;

/** The sockets that service files declare under {@code upstreams}. All methods on one thread but {@link #status}. */
public final class UpstreamListeners implements AutoCloseable {
    private final ListenerSet<Upstream> listeners;

    /** @param admission gets the callers, on their loops */
    public UpstreamListeners(Wiring wiring, Duration firstPause, Admission admission, Accounts accounts) {
        this.listeners = new ListenerSet<>(
                new UpstreamBinder(wiring, admission, accounts, new SocketFiles(wiring.transport(), accounts)),
                firstPause,
                wiring.clock(),
                wiring.calendar());
    }

    /** Brings the listeners in line with what is declared now. */
    public void update(List<Upstream> upstreams) {
        listeners.want(new LinkedHashSet<>(upstreams));
    }

    /** Tries again what failed. */
    public void retry() {
        listeners.retry();
    }

    /** Any thread. */
    public List<ListenerStatus> status() {
        return listeners.status();
    }

    @Override
    public void close() {
        listeners.close();
    }

    private record UpstreamBinder(Wiring wiring, Admission admission, Accounts accounts, SocketFiles files)
            implements ListenerSet.Binder<Upstream> {
        @Override
        public Channel open(Upstream wanted) throws BindFailure {
            Allowed allowed = new Allowed(
                    known(wanted.allowedUser(), accounts::uid, "user"),
                    known(wanted.allowedGroup(), accounts::gid, "group"));
            if (wanted.bind() instanceof Upstream.UnixBind unix) {
                return files.bind(
                        unix,
                        address ->
                                TcpBinding.unix(wiring, address, leg -> admission.unixUpstream(leg, wanted, allowed)));
            }
            Upstream.TcpBind tcp = (Upstream.TcpBind) wanted.bind();
            if (allowed.gid().isPresent()) {
                throw new BindFailure(
                        tcp + ": the kernel does not tell the group of a TCP caller",
                        "use local_bind_socket_path for this upstream, or allow a user instead of a group");
            }
            return TcpBinding.tcp(wiring, address(tcp), leg -> admission.tcpUpstream(leg, wanted, allowed));
        }

        private static InetSocketAddress address(Upstream.TcpBind tcp) throws BindFailure {
            Optional<IpAddress> literal = IpAddress.tryParse(tcp.address());
            if (literal.isEmpty() || !literal.get().isLoopback()) {
                throw new BindFailure(
                        tcp.address() + " is not a loopback address",
                        "leave local_bind_address out (127.0.0.1), or set it to an address of 127.0.0.0/8 or ::1");
            }
            try {
                return new InetSocketAddress(
                        InetAddress.getByAddress(literal.get().bytes()), tcp.port());
            } catch (UnknownHostException e) {
                throw new IllegalStateException("an address of 4 or 16 bytes needs no look-up", e);
            }
        }

        private static Optional<Integer> known(
                Optional<String> name, java.util.function.Function<String, Optional<Integer>> look, String what)
                throws BindFailure {
            Optional<Integer> number = name.flatMap(look);
            if (name.isPresent() && number.isEmpty()) {
                throw new BindFailure(
                        "there is no " + what + " '" + name.get() + "'",
                        "create the " + what + ", or correct its name in the service file");
            }
            return number;
        }

        @Override
        public void close(Upstream wanted, Channel channel) {
            if (wanted.bind() instanceof Upstream.UnixBind unix) {
                files.close(unix, channel);
            } else {
                channel.close().awaitUninterruptibly();
            }
        }

        @Override
        public ListenerStatus describe(
                Upstream wanted, ListenerStatus.State state, String reason, String remedy, Instant since) {
            return new ListenerStatus(
                    ListenerStatus.Kind.UPSTREAM,
                    wanted.destination(),
                    wanted.bind().toString(),
                    state,
                    reason,
                    remedy,
                    since);
        }
    }
}
