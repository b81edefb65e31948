package io.culvert.proxy.relay;

import io.netty.buffer.ByteBuf;

/** Hears what an application socket does, in order, on its event loop. */
public interface LegListener {
    /** Bytes of the application, with room for a frame header before them. Takes ownership. */
    void data(ByteBuf bytes);

    /** The reads of one readiness are over: the moment to flush. */
    default void readComplete() {}

    /** The application ended its direction well; nothing more will come. */
    void ended();

    /** The application broke the connection off, or a write to it failed. */
    void broken();

    /** There is room for more again, or there is none. */
    default void writabilityChanged(boolean writable) {}

    /** The socket is closed, whoever closed it; the last call. */
    void closed();

    /** For a leg that only has to write what it has and close. */
    LegListener NOBODY = new LegListener() {
        @Override
        public void data(ByteBuf bytes) {
            bytes.release();
        }

        @Override
        public void ended() {}

        @Override
        public void broken() {}

        @Override
        public void closed() {}
    };
}
