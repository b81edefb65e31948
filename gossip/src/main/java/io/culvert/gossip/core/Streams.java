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
import io.culvert.gossip.wire.StreamOpener;
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
    // memberlist's bounds: enough for a pool that starts at once.
    static final int MOST_ACCEPTED = 128;
    static final int MOST_OPENED = 32;
    /** Of messages that are not complete yet, all streams together: sixteen of the longest that are sent. */
    static final int MOST_HELD_BYTES = 16 << 20;

    private static final long SWEEP_NANOS = Duration.ofSeconds(1).toNanos();
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
    private int heldBytes;
    private boolean sweeping;
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
        int heldBytes;
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
                new Size("streams opened here", open.size() - accepted, MOST_OPENED),
                new Size("bytes of unfinished messages", heldBytes, MOST_HELD_BYTES + StreamOpener.MAXIMUM_MESSAGE));
    }

    /** Bytes of messages that are not complete yet. */
    int heldBytes() {
        return heldBytes;
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
        watch(stream.startedAt);
    }

    // One timer for all: with one each, those who come and go quickly would leave theirs behind.
    private void watch(long now) {
        if (!sweeping && !open.isEmpty()) {
            sweeping = true;
            timers.at(now + SWEEP_NANOS, this::sweep);
        }
    }

    private void sweep(long now) {
        sweeping = false;
        for (Stream stream : List.copyOf(open.values())) {
            if (now - stream.heardAt >= IDLE_NANOS || now - stream.startedAt >= LONGEST_NANOS) {
                limit(stream);
            }
        }
        watch(now);
    }

    private void limit(Stream stream) {
        effects.accept(new Effect.Refused(Refusal.STREAM_LIMIT, stream.address));
        close(stream, false);
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
            List<StreamEvent> events = channel.onBytes(bytes, from, bytes.length - from);
            hold(stream, channel.heldBytes());
            for (StreamEvent event : events) {
                onEvent(stream, event, now);
            }
            if (heldBytes > MOST_HELD_BYTES && open.containsKey(number)) {
                limit(stream);
            }
        }
    }

    private void hold(Stream stream, int bytes) {
        heldBytes += bytes - stream.heldBytes;
        stream.heldBytes = bytes;
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
            case UNKNOWN_KEY -> Refusal.UNKNOWN_KEY;
            case NOT_AUTHENTIC -> Refusal.NOT_AUTHENTIC;
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
        if (open.remove(stream.number) != null) {
            hold(stream, 0);
            accepted -= stream.initiated ? 0 : 1;
        }
    }
}
