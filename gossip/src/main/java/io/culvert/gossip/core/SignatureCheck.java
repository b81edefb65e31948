package io.culvert.gossip.core;

import io.culvert.catalog.NodeId;
import io.culvert.gossip.identity.PoolLabel;
import io.culvert.gossip.identity.PublicKeyBytes;
import io.culvert.gossip.identity.SignatureDomain;
import io.culvert.gossip.membership.MembershipPort;
import io.culvert.gossip.replication.Head;

/** A signature to be checked, by any thread: about 0.7 ms of work. */
public sealed interface SignatureCheck {
    /** Whose signature it should be. */
    NodeId signer();

    PublicKeyBytes key();

    SignatureDomain domain();

    byte[] message();

    byte[] signature();

    default boolean isGenuine(PoolLabel label) {
        return key().id().equals(signer()) && key().verifies(domain(), label, message(), signature());
    }

    /** A member's word about itself. */
    record OfMember(MembershipPort.Claim claim) implements SignatureCheck {
        @Override
        public NodeId signer() {
            return claim.rumour().about();
        }

        @Override
        public PublicKeyBytes key() {
            return claim.key();
        }

        @Override
        public SignatureDomain domain() {
            return claim.domain();
        }

        @Override
        public byte[] message() {
            return claim.message();
        }

        @Override
        public byte[] signature() {
            return claim.signature();
        }
    }

    /** An owner's head. */
    record OfHead(long ticket, Head head, PublicKeyBytes key) implements SignatureCheck {
        @Override
        public NodeId signer() {
            return head.owner();
        }

        @Override
        public SignatureDomain domain() {
            return SignatureDomain.HEAD;
        }

        @Override
        public byte[] message() {
            return head.signedBytes();
        }

        @Override
        public byte[] signature() {
            return head.signature();
        }
    }
}
