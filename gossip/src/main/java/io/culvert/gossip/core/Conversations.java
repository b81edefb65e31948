package io.culvert.gossip.core;

import io.culvert.catalog.NodeId;
import io.culvert.catalog.clock.WallClock;
import io.culvert.gossip.membership.Membership;
import io.culvert.gossip.replication.AntiEntropyClient;
import io.culvert.gossip.replication.AntiEntropyServer;
import io.culvert.gossip.replication.Moment;
import io.culvert.gossip.replication.Pull;
import io.culvert.gossip.wire.Frame;
import io.culvert.gossip.wire.Peer;
import io.culvert.gossip.wire.PeerAddress;
import io.culvert.gossip.wire.SyncFrame;
import io.culvert.gossip.wire.SyncFrame.CoordinateEntry;
import io.culvert.gossip.wire.SyncFrame.MemberDigest;
import io.culvert.gossip.wire.SyncFrame.MemberEntry;
import io.culvert.gossip.wire.SyncFrame.MemberWant;
import java.util.ArrayList;
import java.util.List;

/**
 * What members say to each other over streams. A probe is PING, after whatever the target is accused of, and ACK as the
 * answer. A comparison goes in turns, each of which ends with SYNC_DONE:
 * <pre>
 * asker     SYNC_REQUEST, its own ALIVE, TREE_QUERY of the content tree's root, COORDINATE_WANT when it lacks some
 * answerer  BUSY when too many ask; MEMBER_DIGEST when the roots of the member tables differ; what answers the query; COORDINATES
 * asker     what the answerer lacks of members, MEMBER_WANT, further TREE_QUERY or PULL
 * answerer  what was wanted
 * ...       until the asker has nothing left to ask, and ends the stream
 * </pre>
 */
final class Conversations {
    /** Comparisons served at once: more would only make each of them slow. */
    private static final int MOST_SERVED = 8;
    /** Four times the largest pool that was thought of; what claims to be larger is not believed. */
    private static final int MOST_MEMBERS = 200_000;

    private final Membership membership;
    private final Contents contents;
    private final WallClock wall;
    private final AntiEntropyServer server;
    private int served;

    Conversations(Membership membership, Contents contents, WallClock wall) {
        this.membership = membership;
        this.contents = contents;
        this.wall = wall;
        this.server = new AntiEntropyServer(contents.replication());
    }

    /** The probe of one member by stream. It hears first what it is accused of: its answer then is its objection. */
    Dialogue probe(PeerAddress at, Frame.Ping ping) {
        return new Dialogue() {
            @Override
            public List<Frame> opening(NodeId peer, long now) {
                List<Frame> frames = new ArrayList<>(membership.accusationsOf(ping.target()));
                frames.add(ping);
                return frames;
            }

            @Override
            public Answer onMessage(List<Frame> frames, NodeId peer, long now) {
                for (Frame frame : frames) {
                    if (frame instanceof Frame.Ack ack) {
                        membership.onStreamAck(peer, ack, now);
                    } else {
                        hear(frame, new Peer(peer, at), now);
                    }
                }
                return Answer.END;
            }

            @Override
            public void onEnded(boolean complete) {
                // No answer is what the prober's own deadline is for.
            }
        };
    }

    /** One question about content; {@code ended} hears when it is over, well or not. */
    Dialogue pull(PeerAddress at, Pull pull, Runnable ended) {
        return new Dialogue() {
            @Override
            public List<Frame> opening(NodeId peer, long now) {
                return List.of(pull.frame(), new SyncFrame.Done());
            }

            @Override
            public Answer onMessage(List<Frame> frames, NodeId peer, long now) {
                boolean done = false;
                for (Frame frame : frames) {
                    done |= frame instanceof SyncFrame.Done;
                    hear(frame, new Peer(peer, at), now);
                }
                return done ? Answer.END : Answer.NOTHING;
            }

            @Override
            public void onEnded(boolean complete) {
                ended.run();
            }
        };
    }

    /** Hears that a comparison is over. */
    @FunctionalInterface
    interface Compared {
        /** @param differing owners of whom the peer held a newer state */
        void ended(boolean complete, int differing);
    }

    /** A comparison that this side asks for. */
    Dialogue compare(PeerAddress at, Compared ended) {
        return new Asking(at, ended);
    }

    /** The side of whoever was called. */
    Dialogue answer(PeerAddress from) {
        return new Answering(from);
    }

    private void hear(Frame frame, Peer peer, long now) {
        if (frame instanceof Frame.Rumour rumour) {
            // A stream is no recording, and its other end is where its address says.
            membership.onRumour(rumour, membership.hear(peer, true, true, now), now);
        } else if (frame instanceof Frame.Content content) {
            contents.replication().onFrame(peer.id(), content, moment(now));
        }
    }

    private Moment moment(long now) {
        return new Moment(now, wall.now().getEpochSecond());
    }

    /** Who asks. */
    private final class Asking implements Dialogue {
        private final Compared ended;
        private final List<MemberEntry> members = new ArrayList<>();
        private AntiEntropyClient client = new AntiEntropyClient(
                contents.replication(), membership.ownWord().about());
        private final PeerAddress at;
        private List<NodeId> coordinatesAsked = List.of();
        private boolean complete;

        Asking(PeerAddress at, Compared ended) {
            this.at = at;
            this.ended = ended;
        }

        @Override
        public List<Frame> opening(NodeId peer, long now) {
            client = new AntiEntropyClient(contents.replication(), peer);
            List<Frame> frames = new ArrayList<>();
            frames.add(new SyncFrame.Request(
                    membership.memberRoot(), contents.replication().root()));
            frames.add(membership.ownWord());
            frames.addAll(client.next());
            coordinatesAsked = membership.coordinatesWanted(now);
            if (!coordinatesAsked.isEmpty()) {
                frames.add(new SyncFrame.CoordinateWant(coordinatesAsked));
            }
            frames.add(new SyncFrame.Done());
            return frames;
        }

        @Override
        public Answer onMessage(List<Frame> frames, NodeId peer, long now) {
            boolean done = false;
            for (Frame frame : frames) {
                if (frame instanceof SyncFrame.Busy) {
                    return Answer.END;
                } else if (frame instanceof MemberDigest digest) {
                    if (members.size() + digest.entries().size() > MOST_MEMBERS) {
                        return Answer.END;
                    }
                    members.addAll(digest.entries());
                } else if (frame instanceof Frame.Rumour) {
                    hear(frame, new Peer(peer, at), now);
                } else if (frame instanceof SyncFrame.Coordinates answer) {
                    membership.onCoordinates(answer.entries(), coordinatesAsked, now);
                } else if (frame instanceof SyncFrame.Done) {
                    done = true;
                } else {
                    client.onFrame(frame, moment(now));
                }
            }
            return done ? next(peer, now) : Answer.NOTHING;
        }

        @Override
        public Answer onResume(NodeId peer, long now) {
            return next(peer, now);
        }

        private Answer next(NodeId peer, long now) {
            List<Frame> turn = new ArrayList<>();
            if (!members.isEmpty()) {
                Membership.Difference difference = membership.compare(members, peer, now);
                members.clear();
                turn.addAll(difference.tell());
                turn.addAll(wants(difference.want()));
            }
            turn.addAll(client.next());
            if (!turn.isEmpty()) {
                turn.add(new SyncFrame.Done());
                return Answer.of(turn);
            }
            complete = client.isFinished();
            return complete ? Answer.END : Answer.LATER;
        }

        @Override
        public void onEnded(boolean unused) {
            ended.ended(complete, client.differing());
        }
    }

    private static List<Frame> wants(List<NodeId> ids) {
        List<Frame> frames = new ArrayList<>();
        for (int from = 0; from < ids.size(); from += MemberWant.MOST) {
            frames.add(new MemberWant(ids.subList(from, Math.min(ids.size(), from + MemberWant.MOST))));
        }
        return frames;
    }

    /** Who is asked. */
    private final class Answering implements Dialogue {
        private final PeerAddress from;
        private boolean serving;

        Answering(PeerAddress from) {
            this.from = from;
        }

        @Override
        public List<Frame> opening(NodeId peer, long now) {
            return List.of();
        }

        @Override
        public Answer onMessage(List<Frame> frames, NodeId peer, long now) {
            List<Frame> reply = new ArrayList<>();
            boolean done = false;
            boolean busy = false;
            for (Frame frame : frames) {
                busy |= frame instanceof SyncFrame.Request request && !serve(request, peer, reply, now);
                if (frame instanceof Frame.Ping ping && membership.isSelf(ping.target())) {
                    reply.addAll(membership.answer(ping));
                } else if (frame instanceof MemberWant want) {
                    reply.addAll(membership.words(want.ids()));
                } else if (frame instanceof SyncFrame.CoordinateWant want) {
                    reply.addAll(coordinates(want.ids(), now));
                } else if (frame instanceof Frame.Rumour) {
                    hear(frame, new Peer(peer, from), now);
                }
                done |= frame instanceof SyncFrame.Done;
            }
            if (busy) {
                // Who asks has said who it is, and hears who we are: it is told of by gossip, and asks somebody else.
                return Answer.of(List.of(membership.ownWord(), new SyncFrame.Busy()));
            }
            reply.addAll(server.answer(frames));
            if (done) {
                reply.add(new SyncFrame.Done());
            }
            return Answer.of(reply);
        }

        /** @return whether there is room for one more */
        private boolean serve(SyncFrame.Request request, NodeId peer, List<Frame> reply, long now) {
            if (serving) {
                // Asked once and answered once: a message full of requests must not become a thousand tables.
                return true;
            }
            if (served >= MOST_SERVED) {
                return false;
            }
            serving = true;
            served++;
            if (request.memberRoot() != membership.memberRoot()) {
                reply.addAll(digests(peer, now));
            }
            return true;
        }

        @Override
        public void onEnded(boolean complete) {
            if (serving) {
                serving = false;
                served--;
            }
        }
    }

    private List<Frame> coordinates(List<NodeId> ids, long now) {
        List<Frame> frames = new ArrayList<>();
        List<CoordinateEntry> entries = membership.coordinates(ids, now);
        for (int from = 0; from < entries.size(); from += SyncFrame.Coordinates.MOST) {
            frames.add(new SyncFrame.Coordinates(
                    entries.subList(from, Math.min(entries.size(), from + SyncFrame.Coordinates.MOST))));
        }
        return frames;
    }

    private List<Frame> digests(NodeId peer, long now) {
        List<Frame> frames = new ArrayList<>();
        List<MemberEntry> entries = membership.digest(peer, now);
        for (int from = 0; from < entries.size(); from += MemberDigest.MOST) {
            frames.add(new MemberDigest(entries.subList(from, Math.min(entries.size(), from + MemberDigest.MOST))));
        }
        return frames;
    }
}
