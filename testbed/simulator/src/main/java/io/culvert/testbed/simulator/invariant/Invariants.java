package io.culvert.testbed.simulator.invariant;

import io.culvert.catalog.NodeContent;
import io.culvert.catalog.NodeId;
import io.culvert.gossip.membership.MemberChange;
import io.culvert.gossip.wire.Refusal;
import io.culvert.testbed.simulator.fault.Pardons;
import java.util.List;
import java.util.function.Consumer;

/** All invariants of one run: what a simulator reports here is heard by each. The door of this package. */
public final class Invariants {
    private final Watch watch;
    private final EverybodyAgrees agreement;
    private final List<Invariant> all;
    private long failures;

    public Invariants(Watch watch) {
        this.watch = watch;
        this.agreement = new EverybodyAgrees(watch);
        this.all = List.of(
                new OwnIncarnationGrows(watch),
                new OrderOfPrecedence(watch),
                new NoFalseDeaths(watch),
                new CrashesAreDetected(watch),
                new GoodbyesAreHeard(watch),
                agreement,
                new OnlyWhatWasPublished(watch),
                new NothingComesBack(watch),
                new NobodyIsForgottenEarly(watch),
                new RoutableMeansPresent(watch),
                new EverythingIsBounded(watch),
                new NoAmplifier(watch),
                new StrangersChangeNothing(watch),
                new NoLoopEnds(watch),
                new RotationLosesNobody(watch),
                new ClonesAreSeen(watch));
    }

    private Invariants(Watch watch, List<Invariant> all) {
        this.watch = watch;
        this.agreement = new EverybodyAgrees(watch);
        this.all = all;
    }

    /** Checks nothing, for whoever only measures. */
    public static Invariants none(Watch watch) {
        return new Invariants(watch, List.of());
    }

    private void tell(Consumer<Invariant> news) {
        all.forEach(news);
    }

    public void add(Host host) {
        watch.add(host);
    }

    /** Who has an excuse from now on. */
    public void pardons(Pardons pardons) {
        watch.pardons(pardons);
    }

    /** How often any host took another for dead. */
    public long failures() {
        return failures;
    }

    public void started(Host host) {
        tell(invariant -> invariant.started(host));
    }

    /** To be called while the machine is still there. */
    public void stopped(Host host) {
        tell(invariant -> invariant.stopped(host));
    }

    public void leaving(Host host) {
        tell(invariant -> invariant.leaving(host));
    }

    /** To be called after {@link #stopped}: it ended as it should. */
    public void left(Host host) {
        tell(invariant -> invariant.left(host));
    }

    public void published(Host owner, NodeContent content) {
        tell(invariant -> invariant.published(owner, content));
    }

    public void changed(Host observer, MemberChange change) {
        failures += change.after() == io.culvert.catalog.Liveness.FAILED ? 1 : 0;
        tell(invariant -> invariant.changed(observer, change));
    }

    public void contentShown(Host observer, NodeContent content) {
        tell(invariant -> invariant.contentShown(observer, content));
    }

    public void forgotten(Host observer, NodeId member) {
        tell(invariant -> invariant.forgotten(observer, member));
    }

    public void refusedMember(Host observer, Refusal refusal) {
        tell(invariant -> invariant.refusedMember(observer, refusal));
    }

    public void cloneNoticed(Host host) {
        tell(invariant -> invariant.cloneNoticed(host));
    }

    public void cloned(Host original, Host clone) {
        tell(invariant -> invariant.cloned(original, clone));
    }

    public void sent(Host host, int bytes) {
        watch.sent(host, bytes);
    }

    public void intruded(Host host, Intruded what) {
        tell(invariant -> invariant.intruded(host, what));
    }

    public void failed(Host host, RuntimeException failure) {
        tell(invariant -> invariant.failed(host, failure));
    }

    /** To be called once a second of virtual time. */
    public void sampled() {
        tell(Invariant::sampled);
    }

    public boolean isAgreed() {
        return agreement.isAgreed();
    }

    /** Everybody agrees after all faults; or, when the time for that is up, does not. */
    public void settle() {
        agreement.late();
        tell(Invariant::agreed);
    }

    public long agreementBoundNanos() {
        return watch.agreementBound();
    }

    public void ended() {
        tell(Invariant::ended);
    }
}
