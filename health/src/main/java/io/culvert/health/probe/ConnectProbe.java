package io.culvert.health.probe;

import io.culvert.catalog.Endpoint;
import io.netty.channel.ChannelInboundHandlerAdapter;

/** A TCP or UNIX connection that succeeds, and is closed at once. */
final class ConnectProbe {
    private final Dialer dialer;

    ConnectProbe(Dialer dialer) {
        this.dialer = dialer;
    }

    RunningProbe start(NetworkRun run, Endpoint endpoint) {
        run.begin(() -> dialer.dial(run, endpoint, ChannelInboundHandlerAdapter::new, channel -> run.pass("Success")));
        return run;
    }
}
