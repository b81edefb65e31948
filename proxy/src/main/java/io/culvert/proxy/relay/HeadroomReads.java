package io.culvert.proxy.relay;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.DefaultMaxMessagesRecvByteBufAllocator;

/**
 * Reads of a fixed size that leave room for a frame header before the bytes read, so that one read becomes one frame
 * without a copy. A buffer lives only from readiness to the write on the other leg, so its size costs nothing at rest.
 */
final class HeadroomReads extends DefaultMaxMessagesRecvByteBufAllocator {
    private final int headroom;
    private final int size;

    /** @param size of a buffer, headroom included */
    HeadroomReads(int headroom, int size, int readsInARow) {
        super(readsInARow);
        this.headroom = headroom;
        this.size = size;
    }

    @Override
    @SuppressWarnings("deprecation") // the interface still returns the old handle type
    public Handle newHandle() {
        return new MaxMessageHandle() {
            @Override
            public int guess() {
                return size;
            }

            @Override
            public ByteBuf allocate(ByteBufAllocator allocator) {
                return allocator.directBuffer(size, size).setIndex(headroom, headroom);
            }
        };
    }
}
