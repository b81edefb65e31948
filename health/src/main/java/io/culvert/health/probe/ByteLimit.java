package io.culvert.health.probe;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;

/** Lets a bounded number of bytes in from a server that may send without end, then says so once and drops the rest. */
final class ByteLimit extends ChannelInboundHandlerAdapter {
    /** Far more than any sensible answer to a health check; Consul reads without limit. */
    static final int MOST_BYTES = 1 << 20;

    private long received;

    /** The limit is reached. */
    enum Reached {
        REACHED
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (received > MOST_BYTES) {
            ReferenceCountUtil.release(message);
            return;
        }
        received += message instanceof ByteBuf bytes ? bytes.readableBytes() : 0;
        ctx.fireChannelRead(message);
        if (received > MOST_BYTES) {
            ctx.fireUserEventTriggered(Reached.REACHED);
        }
    }
}
