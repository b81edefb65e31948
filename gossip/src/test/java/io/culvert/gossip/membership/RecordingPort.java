package io.culvert.gossip.membership;

import io.culvert.catalog.NodeId;
import io.culvert.gossip.wire.Alive;
import io.culvert.gossip.wire.Frame;
import io.culvert.gossip.wire.Incarnation;
import io.culvert.gossip.wire.Peer;
import java.util.ArrayList;
import java.util.List;

/** Notes what a membership wants done. */
public final class RecordingPort implements MembershipPort {
    final List<Sent> sent = new ArrayList<>();
    final List<Frame.Rumour> spread = new ArrayList<>();
    final List<Claim> claims = new ArrayList<>();
    final List<Incarnation> own = new ArrayList<>();
    final List<MemberChange> changes = new ArrayList<>();
    final List<NodeId> renewed = new ArrayList<>();
    final List<NodeId> forgotten = new ArrayList<>();
    final List<Notice> notices = new ArrayList<>();
    final List<Frame.Ping> streamPings = new ArrayList<>();

    RecordingPort() {}

    public List<MemberChange> changes() {
        return changes;
    }

    public List<NodeId> renewed() {
        return renewed;
    }

    public List<NodeId> forgotten() {
        return forgotten;
    }

    record Sent(Peer to, List<? extends Frame> frames) {}

    @Override
    public void send(Peer to, List<? extends Frame> frames) {
        sent.add(new Sent(to, frames));
    }

    @Override
    public void spread(Frame.Rumour rumour) {
        spread.add(rumour);
    }

    @Override
    public void introduce(Alive newcomer) {
        spread.add(newcomer);
    }

    @Override
    public void renewed(NodeId member) {
        renewed.add(member);
    }

    @Override
    public void pingByStream(Peer to, Frame.Ping ping) {
        streamPings.add(ping);
    }

    @Override
    public void verify(Claim claim) {
        claims.add(claim);
    }

    @Override
    public void ownIncarnation(Incarnation incarnation) {
        own.add(incarnation);
    }

    @Override
    public void changed(MemberChange change) {
        changes.add(change);
    }

    @Override
    public void forgotten(NodeId member) {
        forgotten.add(member);
    }

    @Override
    public void noticed(Notice notice) {
        notices.add(notice);
    }
}
