package io.culvert.agent.http.server;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpObjectAggregator;

/** Collects bodies up to the bound; what is larger is refused with a sentence, and the connection closed. */
final class BodyCollector extends HttpObjectAggregator {
    private final ConnectionHandler connection;

    BodyCollector(int most, ConnectionHandler connection) {
        super(most, true);
        this.connection = connection;
    }

    @Override
    protected void handleOversizedMessage(ChannelHandlerContext context, HttpMessage oversized) {
        connection.tooLarge(context);
    }
}
