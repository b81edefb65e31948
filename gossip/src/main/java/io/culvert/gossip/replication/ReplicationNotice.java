package io.culvert.gossip.replication;

import io.culvert.catalog.NodeId;

/**
 * Something that happened, for counters and, where a person should look, for the log.
 *
 * @param owner whose content it is about
 * @param sender who sent it; the own id where nobody did
 */
public record ReplicationNotice(Kind kind, NodeId owner, NodeId sender) {
    /** The label of the counter as well. */
    public enum Kind {
        /** A frame that could not be read. */
        MALFORMED,
        /** Known already. */
        DUPLICATE,
        /** The signature of a head is not its owner's. */
        BAD_SIGNATURE,
        /** Changes that do not lead to what the owner signed. */
        MISMATCH,
        /** The sender had too many bad signatures lately: not looked at. */
        SENDER_MUTED,
        /** More waits for verification than may. */
        TOO_MANY_VERIFICATIONS,
        /** More pulls under way than may be. */
        TOO_MANY_PULLS,
        /** More owners than may be that the membership does not know. */
        TOO_MANY_OWNERS,
        /** More records than an owner may have. */
        TOO_LARGE,
        /** The head of an owner whom the membership does not know, and too old to be believed alive. */
        RESURRECTION_REFUSED,
        /** The owner signed two states as one version: two processes share its key. */
        EQUIVOCATION,
        /** The clock of the owner, or ours, is wrong by more than twelve hours. */
        CLOCK_SKEW,
        /** A record of the owner cannot be read; the rest of its content is in force. */
        UNREADABLE_RECORD,
        /** The owner publishes content that names another node; not taken over. */
        FOREIGN_CONTENT,
        /** The pool knows a later epoch of our own id: ours must be raised above it. */
        OWN_EPOCH_BEHIND,
        /** Another process publishes under our id. */
        OWN_IDENTITY_CLONED
    }
}
