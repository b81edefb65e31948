package io.culvert.gossip.core;

import io.culvert.catalog.NodeId;
import io.culvert.gossip.bounds.Size;
import io.culvert.gossip.keyring.KeySchedules;
import io.culvert.gossip.membership.TimerQueue;
import io.culvert.gossip.wire.Frame;
import io.culvert.gossip.wire.MalformedFrame;
import io.culvert.gossip.wire.PacketCodec;
import io.culvert.gossip.wire.PeerAddress;
import io.culvert.gossip.wire.Refusal;
import io.culvert.gossip.wire.StreamEvent;
import io.culvert.gossip.wire.StreamFault;
import io.culvert.gossip.wire.StreamHandshake;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The streams that are open: handshake, messages, deadlines. Bounded in number, in bytes before the peer has shown that it
 * holds the key, and in time.
 */
final class Streams {
    // memberlist's bounds: enough for a pool that starts at once, and 128 * 64 KiB are 8 MiB at worst.
    private static final int MOST_ACCEPTED = 128;
    private static final int MOST_OPENED = 32;
    private static final long IDLE_NANOS = Duration.ofSeconds(10).toNanos();
    private static final long LONGEST_NANOS = Duration.ofSeconds(60).toNanos();
    private static final int MESSAGE_BYTES = 1 << 20;
    private static final long RESUME_NANOS = Duration.ofMillis(20).toNanos();

    private final StreamGuard guard;
    private final TimerQueue timers;
    private final Consumer<Effect> effects;
    private final Map<Long, Stream> open = new LinkedHashMap<>();
    private KeySchedules keys;
    private int accepted;
    private long nextNumber = 1;

    Streams(StreamGuard guard, KeySchedules keys, TimerQueue timers, Consumer<Effect> effects) {
        this.guard = guard;
        this.keys = keys;
        this.timers = timers;
        this.effects = effects;
    }

    private static final class Stream {
        final long number;
        final PeerAddress address;
        final boolean initiated;
        final Dialogue dialogue;
        final StreamGuard.Handshake handshake;
        final byte[] hello = new byte[StreamHandshake.HELLO_BYTES];
        final long startedAt;
        int helloBytes;
        long heardAt;

        @Nullable
        NodeId peer;

        StreamGuard.@Nullable Channel channel;

        Stream(long number, PeerAddress address, boolean initiated, StreamGuard.Handshake handshake, Start start) {
            this.number = number;
            this.address = address;
            this.initiated = initiated;
            this.handshake = handshake;
            this.dialogue = start.dialogue;
            this.startedAt = start.at;
            this.heardAt = start.at;
        }
    }

    private record Start(Dialogue dialogue, long at) {}

    /** New streams use these keys. */
    void use(KeySchedules changed) {
        keys = changed;
    }

    int open() {
        return open.size();
    }

    List<Size> sizes() {
        return List.of(
                new Size("streams that others opened", accepted, MOST_ACCEPTED),
                new Size("streams opened here", open.size() - accepted, MOST_OPENED));
    }

    /** Connects and holds {@code dialogue}; too many at once end at once. */
    void connect(PeerAddress to, Dialogue dialogue, long now) {
        if (open.size() - accepted >= MOST_OPENED) {
            dialogue.onEnded(false);
            return;
        }
        long number = 2 * nextNumber++;
        add(new Stream(number, to, true, guard.initiator(keys), new Start(dialogue, now)));
        effects.accept(new Effect.OpenStream(number, to));
    }

    /**
     * A peer has connected.
     *
     * @return the number of its stream, or 0 when it is to be closed: there are too many
     */
    long accept(PeerAddress from, Supplier<Dialogue> dialogue, long now) {
        if (accepted >= MOST_ACCEPTED) {
            effects.accept(new Effect.Refused(Refusal.STREAM_LIMIT, from));
            return 0;
        }
        accepted++;
        long number = 2 * nextNumber++ + 1;
        add(new Stream(number, from, false, guard.responder(keys), new Start(dialogue.get(), now)));
        return number;
    }

    private void add(Stream stream) {
        open.put(stream.number, stream);
        watch(stream, stream.startedAt);
    }

    private void watch(Stream stream, long now) {
        timers.at(now + IDLE_NANOS / 2, at -> {
            if (open.get(stream.number) != stream) {
                return;
            }
            if (at - stream.heardAt >= IDLE_NANOS || at - stream.startedAt >= LONGEST_NANOS) {
                effects.accept(new Effect.Refused(Refusal.STREAM_LIMIT, stream.address));
                close(stream, false);
            } else {
                watch(stream, at);
            }
        });
    }

    /** The connection that {@link #connect} asked for stands. */
    void onOpened(long number) {
        Stream stream = open.get(number);
        if (stream != null) {
            effects.accept(new Effect.StreamSend(number, stream.handshake.hello()));
        }
    }

    void onBytes(long number, byte[] bytes, long now) {
        Stream stream = open.get(number);
        if (stream == null) {
            return;
        }
        stream.heardAt = now;
        int from = 0;
        if (stream.channel == null) {
            from = Math.min(bytes.length, stream.hello.length - stream.helloBytes);
            System.arraycopy(bytes, 0, stream.hello, stream.helloBytes, from);
            stream.helloBytes += from;
            if (stream.helloBytes == stream.hello.length) {
                establish(stream, now);
            }
        }
        StreamGuard.Channel channel = stream.channel;
        if (channel != null && from < bytes.length) {
            for (StreamEvent event : channel.onBytes(bytes, from, bytes.length - from)) {
                onEvent(stream, event, now);
            }
        }
    }

    private void establish(Stream stream, long now) {
        StreamGuard.Outcome outcome = stream.handshake.accept(stream.hello);
        if (outcome instanceof StreamGuard.Refused refused) {
            refuse(stream, refused.fault());
            return;
        }
        StreamGuard.Established established = (StreamGuard.Established) outcome;
        stream.peer = established.peer();
        stream.channel = established.channel();
        if (!stream.initiated) {
            effects.accept(new Effect.StreamSend(stream.number, stream.handshake.hello()));
        }
        say(stream, stream.dialogue.opening(established.peer(), now));
    }

    private void onEvent(Stream stream, StreamEvent event, long now) {
        if (open.get(stream.number) != stream) {
            return;
        }
        if (event instanceof StreamEvent.Message message) {
            onMessage(stream, message.content(), now);
        } else if (event instanceof StreamEvent.Failed failed) {
            refuse(stream, failed.fault());
        } else {
            close(stream, true);
        }
    }

    private void onMessage(Stream stream, byte[] content, long now) {
        NodeId peer = stream.peer;
        if (peer == null) {
            return;
        }
        try {
            take(stream, stream.dialogue.onMessage(PacketCodec.decode(content), peer, now), now);
        } catch (MalformedFrame malformed) {
            refuse(stream, StreamFault.MALFORMED);
        }
    }

    private void take(Stream stream, Dialogue.Answer answer, long now) {
        say(stream, answer.frames());
        if (answer.then() == Dialogue.Then.END) {
            close(stream, true);
        } else if (answer.then() == Dialogue.Then.RESUME) {
            timers.at(now + RESUME_NANOS, at -> resume(stream, at));
        }
    }

    private void resume(Stream stream, long now) {
        NodeId peer = stream.peer;
        if (peer != null && open.get(stream.number) == stream) {
            // We are the ones who kept the other waiting.
            stream.heardAt = now;
            take(stream, stream.dialogue.onResume(peer, now), now);
        }
    }

    private void say(Stream stream, List<Frame> frames) {
        List<Frame> message = new ArrayList<>();
        int length = 0;
        for (Frame frame : frames) {
            if (length > 0 && length + frame.length() > MESSAGE_BYTES) {
                seal(stream, message);
                message = new ArrayList<>();
                length = 0;
            }
            message.add(frame);
            length += frame.length();
        }
        if (!message.isEmpty()) {
            seal(stream, message);
        }
    }

    private void seal(Stream stream, List<Frame> message) {
        StreamGuard.Channel channel = stream.channel;
        if (channel != null) {
            channel.seal(PacketCodec.encode(message))
                    .forEach(chunk -> effects.accept(new Effect.StreamSend(stream.number, chunk)));
        }
    }

    /** The connection is gone, or never came to be. */
    void onClosed(long number) {
        Stream stream = open.get(number);
        if (stream != null) {
            remove(stream);
            stream.dialogue.onEnded(false);
        }
    }

    private void refuse(Stream stream, StreamFault fault) {
        effects.accept(new Effect.Refused(refusal(fault), stream.address));
        close(stream, false);
    }

    private static Refusal refusal(StreamFault fault) {
        return switch (fault) {
            case MALFORMED, UNKNOWN_VERSION, AFTER_END, TRUNCATED -> Refusal.MALFORMED;
            case UNKNOWN_KEY, NOT_AUTHENTIC -> Refusal.NOT_AUTHENTIC;
            case OWN_IDENTITY -> Refusal.OWN_IDENTITY;
            case MESSAGE_TOO_LARGE -> Refusal.TOO_LONG;
        };
    }

    private void close(Stream stream, boolean complete) {
        remove(stream);
        StreamGuard.Channel channel = stream.channel;
        if (complete && channel != null) {
            effects.accept(new Effect.StreamSend(stream.number, channel.finish()));
        }
        effects.accept(new Effect.CloseStream(stream.number));
        stream.dialogue.onEnded(complete);
    }

    private void remove(Stream stream) {
        if (open.remove(stream.number) != null && !stream.initiated) {
            accepted--;
        }
    }
}
