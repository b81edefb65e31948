package io.culvert.proxy.relay;

import io.culvert.catalog.Endpoint;
import io.culvert.catalog.IpAddress;
import io.culvert.catalog.TcpEndpoint;
import io.culvert.catalog.UnixEndpoint;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.EventLoop;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/** Reaches applications on this host. Names are resolved on a worker, everything else happens on the given loop. */
public final class Dialer {
    private final Transport transport;
    private final Executor worker;
    private final LoopGuard guard;

    /** @param worker runs look-ups of host names, which block */
    public Dialer(Transport transport, Executor worker, LoopGuard guard) {
        this.transport = transport;
        this.worker = worker;
        this.guard = guard;
    }

    /** Says which addresses lead back into the mesh. */
    @FunctionalInterface
    public interface LoopGuard {
        boolean leadsBack(SocketAddress address);
    }

    /** What became of a dial: exactly one call, on the loop. */
    public interface Outcome {
        /** The application has accepted. The leg belongs to the hearer. */
        void connected(AppLeg leg);

        void failed(Failure failure, String message);
    }

    /** Why an application was not reached. */
    public enum Failure {
        REFUSED,
        TIMED_OUT,
        LOOP,
        UNREACHABLE
    }

    /** A dial under way. */
    public final class Dial {
        private final EventLoop loop;
        private final Endpoint endpoint;
        private final Duration timeout;
        private final Outcome outcome;
        private @Nullable ChannelFuture connecting;
        private boolean over;

        private Dial(EventLoop loop, Endpoint endpoint, Duration timeout, Outcome outcome) {
            this.loop = loop;
            this.endpoint = endpoint;
            this.timeout = timeout;
            this.outcome = outcome;
        }

        /** Gives up; the outcome is not told any more. An application that has accepted meanwhile sees a reset. */
        public void cancel() {
            over = true;
            if (connecting != null) {
                connecting.channel().close();
            }
        }

        private void begin() {
            if (endpoint instanceof UnixEndpoint unix) {
                connect(transport.unixAddress(unix.path()), true);
            } else if (endpoint instanceof TcpEndpoint tcp) {
                resolve(tcp);
            }
        }

        private void resolve(TcpEndpoint tcp) {
            var literal = IpAddress.tryParse(tcp.host());
            try {
                if (literal.isPresent()) {
                    connect(
                            new InetSocketAddress(
                                    InetAddress.getByAddress(literal.get().bytes()), tcp.port()),
                            false);
                } else {
                    worker.execute(() -> lookUp(tcp));
                }
            } catch (UnknownHostException e) {
                throw new IllegalStateException("an address of 4 or 16 bytes needs no look-up", e);
            } catch (RejectedExecutionException e) {
                fail(Failure.UNREACHABLE, endpoint + ": the agent is busy looking up names, or stopping");
            }
        }

        private void lookUp(TcpEndpoint tcp) {
            try {
                InetSocketAddress address = new InetSocketAddress(InetAddress.getByName(tcp.host()), tcp.port());
                loop.execute(() -> connect(address, false));
            } catch (UnknownHostException e) {
                loop.execute(() -> fail(Failure.UNREACHABLE, endpoint + ": no such host"));
            }
        }

        private void connect(SocketAddress address, boolean unix) {
            if (over) {
                return;
            }
            if (guard.leadsBack(address)) {
                fail(Failure.LOOP, endpoint + " leads back into the mesh (a service must declare its own address)");
                return;
            }
            Bootstrap bootstrap = new Bootstrap()
                    .group(loop)
                    .channel(unix ? transport.unix() : transport.tcp())
                    .handler(new ChannelInitializer<>() {
                        @Override
                        protected void initChannel(Channel channel) {}
                    });
            SocketOptions.application(bootstrap, unix, timeout);
            ChannelFuture future = bootstrap.connect(address);
            connecting = future;
            future.addListener(done -> connected(future));
        }

        private void connected(ChannelFuture future) {
            if (over) {
                future.channel().close();
            } else if (future.isSuccess()) {
                over = true;
                outcome.connected(AppLeg.on(future.channel()));
            } else {
                Failure failure =
                        future.cause() instanceof ConnectTimeoutException ? Failure.TIMED_OUT : Failure.REFUSED;
                fail(failure, endpoint + ": " + future.cause().getMessage());
            }
        }

        private void fail(Failure failure, String message) {
            if (!over) {
                over = true;
                outcome.failed(failure, message);
            }
        }
    }

    /** Begins a dial on {@code loop}, which must be the caller's. */
    public Dial dial(EventLoop loop, Endpoint endpoint, Duration timeout, Outcome outcome) {
        Dial dial = new Dial(loop, endpoint, timeout, outcome);
        dial.begin();
        return dial;
    }
}
