package io.culvert.proxy.frame;

import io.netty.buffer.ByteBuf;

/** Hears what a {@link FrameDecoder} finds, in order, on the thread that feeds it. */
public interface FrameSink {
    /** A whole control frame. */
    void frame(Frame frame);

    /** Some bytes of a DATA frame of stream {@code ordinal}: never none. Takes ownership of {@code bytes}. */
    void data(int ordinal, ByteBuf bytes);

    /** The peer broke the format; nothing more will be heard. */
    void fault(FrameFault fault, String detail);
}
