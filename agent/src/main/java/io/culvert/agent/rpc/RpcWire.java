package io.culvert.agent.rpc;

import io.culvert.agent.rpc.wire.RpcCodec;
import io.culvert.agent.rpc.wire.RpcFrame;
import io.culvert.agent.rpc.wire.RpcFrameFault;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageCodec;
import java.util.List;

/** The shell around {@link RpcCodec}: bytes of a connection to frames and back. */
final class RpcWire extends ByteToMessageCodec<RpcFrame> {
    private final RpcCodec codec;

    RpcWire(RpcCodec codec) {
        super(RpcFrame.class);
        this.codec = codec;
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) throws RpcFrameFault {
        RpcFrame frame = codec.decode(in);
        if (frame != null) {
            out.add(frame);
        }
    }

    @Override
    protected void encode(ChannelHandlerContext ctx, RpcFrame frame, ByteBuf out) {
        codec.encode(frame, out);
    }
}
