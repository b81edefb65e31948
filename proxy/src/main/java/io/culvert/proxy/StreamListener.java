package io.culvert.proxy;

/**
 * Hears of every stream: {@code started} once and {@code ended} once, in that order, on the stream's event loop. Must be
 * quick, must not block and must not throw.
 */
public interface StreamListener {
    void started(StreamRecord stream);

    void ended(StreamRecord stream, StreamEnd end);

    /** Hears nothing. */
    StreamListener NONE = new StreamListener() {
        @Override
        public void started(StreamRecord stream) {}

        @Override
        public void ended(StreamRecord stream, StreamEnd end) {}
    };
}
