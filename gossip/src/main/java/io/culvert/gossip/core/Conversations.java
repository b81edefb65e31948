package io.culvert.gossip.core;

import io.culvert.catalog.NodeId;
import io.culvert.catalog.clock.WallClock;
import io.culvert.gossip.membership.Membership;
import io.culvert.gossip.replication.Moment;
import io.culvert.gossip.replication.Pull;
import io.culvert.gossip.wire.Frame;
import io.culvert.gossip.wire.FrameType;
import io.culvert.gossip.wire.SyncFrame;
import io.culvert.gossip.wire.SyncFrame.MemberDigest;
import io.culvert.gossip.wire.SyncFrame.MemberEntry;
import io.culvert.gossip.wire.SyncFrame.MemberWant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;

/**
 * What members say to each other over streams. A comparison goes:
 * <pre>
 * asker     SYNC_REQUEST with both roots, ALIVE of the asker
 * answerer  SYNC_DONE when the roots are equal, BUSY when too many ask; else the digests of the tables that differ, DONE
 * asker     what the answerer lacks, MEMBER_WANT and PULL for what the asker lacks, DONE
 * answerer  what was wanted, DONE
 * </pre>
 * A probe is PING, and ACK as the answer.
 */
final class Conversations {
    /** Comparisons served at once: more would only make each of them slow. */
    private static final int MOST_SERVED = 8;

    private static final int LEAST_QUESTIONS = 16;

    private final Membership membership;
    private final Contents contents;
    private final WallClock wall;
    private int served;

    Conversations(Membership membership, Contents contents, WallClock wall) {
        this.wall = wall;
        this.membership = membership;
        this.contents = contents;
    }

    /** The probe of one member by stream. */
    Dialogue probe(Frame.Ping ping) {
        return new Dialogue() {
            @Override
            public List<Frame> opening(NodeId peer, long now) {
                return List.of(ping);
            }

            @Override
            public Answer onMessage(List<Frame> frames, NodeId peer, long now) {
                for (Frame frame : frames) {
                    if (frame instanceof Frame.Ack ack) {
                        membership.onStreamAck(peer, ack);
                    } else {
                        hear(frame, peer, now);
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
    Dialogue pull(Pull pull, Runnable ended) {
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
                    hear(frame, peer, now);
                }
                return done ? Answer.END : Answer.NOTHING;
            }

            @Override
            public void onEnded(boolean complete) {
                ended.run();
            }
        };
    }

    /** A comparison that this side asks for; {@code ended} hears whether it was complete. */
    Dialogue ask(Consumer<Boolean> ended) {
        return new Asking(ended);
    }

    /** The side of whoever was called. */
    Dialogue answer() {
        return new Answering();
    }

    private void hear(Frame frame, NodeId peer, long now) {
        if (frame instanceof Frame.Rumour rumour) {
            membership.onRumour(rumour, peer, true, now);
        } else if (frame instanceof Frame.Content content) {
            contents.replication().onFrame(peer, content, moment(now));
        }
    }

    private Moment moment(long now) {
        return new Moment(now, wall.now().getEpochSecond());
    }

    private List<Frame> digests(SyncFrame.Request request, long now) {
        List<Frame> frames = new ArrayList<>();
        if (request.memberRoot() != membership.memberRoot()) {
            List<MemberEntry> entries = membership.digest(now);
            for (int from = 0; from < entries.size(); from += MemberDigest.MOST) {
                frames.add(new MemberDigest(entries.subList(from, Math.min(entries.size(), from + MemberDigest.MOST))));
            }
        }
        if (request.contentRoot() != contents.replication().root()) {
            frames.addAll(contents.replication().digest());
        }
        frames.add(new SyncFrame.Done());
        return frames;
    }

    /** Who asks. */
    private final class Asking implements Dialogue {
        private final Consumer<Boolean> ended;
        private final List<MemberEntry> members = new ArrayList<>();
        private final List<SyncFrame.ContentEntry> owners = new ArrayList<>();
        private boolean compared;
        private final Deque<Frame> questions = new ArrayDeque<>();
        private boolean complete;

        Asking(Consumer<Boolean> ended) {
            this.ended = ended;
        }

        @Override
        public List<Frame> opening(NodeId peer, long now) {
            return List.of(
                    new SyncFrame.Request(
                            membership.memberRoot(), contents.replication().root()),
                    membership.ownWord());
        }

        @Override
        public Answer onMessage(List<Frame> frames, NodeId peer, long now) {
            boolean done = false;
            for (Frame frame : frames) {
                if (frame instanceof MemberDigest digest) {
                    members.addAll(digest.entries());
                } else if (frame instanceof SyncFrame.ContentDigest digest) {
                    owners.addAll(digest.entries());
                } else if (frame instanceof SyncFrame.Busy) {
                    return Answer.END;
                } else {
                    done |= frame instanceof SyncFrame.Done;
                    hear(frame, peer, now);
                }
            }
            return done ? next(peer, now) : Answer.NOTHING;
        }

        private Answer next(NodeId peer, long now) {
            if (!questions.isEmpty()) {
                return new Answer(withQuestions(new ArrayList<>()), false);
            }
            if (compared || members.isEmpty() && owners.isEmpty()) {
                complete = true;
                return Answer.END;
            }
            compared = true;
            List<Frame> reply = new ArrayList<>();
            if (!members.isEmpty()) {
                Membership.Difference difference = membership.compare(members, peer, now);
                reply.addAll(difference.tell());
                wants(difference.want()).forEach(reply::add);
            }
            questions.addAll(contents.questions(owners));
            return new Answer(withQuestions(reply), false);
        }

        // Only as many at once as can be checked: what nobody has time to check would be dropped.
        private List<Frame> withQuestions(List<Frame> reply) {
            int most = Math.max(LEAST_QUESTIONS, contents.replication().verificationRoom());
            for (int i = 0; i < most && !questions.isEmpty(); i++) {
                reply.add(questions.removeFirst());
            }
            reply.add(new SyncFrame.Done());
            return reply;
        }

        @Override
        public void onEnded(boolean unused) {
            ended.accept(complete);
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
        private boolean serving;

        @Override
        public List<Frame> opening(NodeId peer, long now) {
            return List.of();
        }

        @Override
        public Answer onMessage(List<Frame> frames, NodeId peer, long now) {
            List<Frame> reply = new ArrayList<>();
            boolean done = false;
            for (Frame frame : frames) {
                if (frame instanceof Frame.Ping ping) {
                    return membership.isSelf(ping.target()) ? new Answer(membership.answer(ping), false) : Answer.END;
                } else if (frame instanceof SyncFrame.Request request) {
                    if (!serving && served >= MOST_SERVED) {
                        return new Answer(List.of(new SyncFrame.Busy()), false);
                    }
                    begin();
                    reply.addAll(digests(request, now));
                } else if (frame instanceof MemberWant want) {
                    reply.addAll(membership.words(want.ids()));
                } else if (frame instanceof Frame.Content content && content.type() == FrameType.PULL) {
                    reply.addAll(contents.answer(content, peer));
                } else {
                    done |= frame instanceof SyncFrame.Done;
                    hear(frame, peer, now);
                }
            }
            if (done) {
                reply.add(new SyncFrame.Done());
            }
            return new Answer(reply, false);
        }

        private void begin() {
            if (!serving) {
                serving = true;
                served++;
            }
        }

        @Override
        public void onEnded(boolean complete) {
            if (serving) {
                serving = false;
                served--;
            }
        }
    }
}
