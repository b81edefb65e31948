package io.culvert.health.probe;

import io.netty.channel.unix.FileDescriptor;
import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * The pipe that a script writes to. Our own, and read without blocking, because the JDK's pipe is read until its end:
 * a process that the script left behind would hold the reader for ever, or fill the heap while the JDK drains it.
 */
final class OutputPipe implements AutoCloseable {
    /** Bytes taken in one go, so that a script that never stops writing still meets its deadline. */
    private static final int MOST_AT_ONCE = 1 << 20;

    private static final int BUFFER = 16 * 1024;

    private final FileDescriptor readEnd;
    private final FileDescriptor writeEnd;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);
    private final TailBuffer tail;

    OutputPipe(int outputMaxSize) throws IOException {
        FileDescriptor[] ends = FileDescriptor.pipe();
        readEnd = ends[0];
        writeEnd = ends[1];
        tail = new TailBuffer(outputMaxSize);
    }

    /** What a child process can be redirected to; opened anew by it, and thus blocking as programs expect. */
    File writeEnd() {
        return new File("/proc/self/fd/" + writeEnd.intValue());
    }

    TailBuffer tail() {
        return tail;
    }

    /** Takes what has been written by now; tells whether there was anything. */
    boolean drain() throws IOException {
        byte[] bytes = new byte[BUFFER];
        int taken = 0;
        while (taken < MOST_AT_ONCE) {
            buffer.clear();
            int read = readEnd.read(buffer, 0, BUFFER);
            if (read <= 0) {
                break;
            }
            buffer.get(0, bytes, 0, read);
            tail.append(bytes, 0, read);
            taken += read;
        }
        return taken > 0;
    }

    @Override
    public void close() throws IOException {
        try {
            writeEnd.close();
        } finally {
            readEnd.close();
        }
    }
}
