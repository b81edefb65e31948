package io.culvert.gossip.wire;

/** What came out of an encrypted stream. */
public sealed interface StreamEvent {
    /** One whole message, authentic and in order. */
    record Message(byte[] content) implements StreamEvent {}

    /** The peer said that this was all. */
    record Ended() implements StreamEvent {}

    /** The stream is to be closed; messages before are true. */
    record Failed(StreamFault fault) implements StreamEvent {}
}
