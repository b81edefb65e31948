package io.culvert.agent;

import io.culvert.agent.http.JoinTokens;
import io.culvert.agent.http.Policy;
import io.culvert.agent.join.JoinAuthority;
import io.culvert.agent.policy.PolicyOutcome;
import io.culvert.catalog.clock.SystemClocks;
import io.culvert.identity.CertificateSource;
import io.culvert.identity.Intention;
import io.culvert.identity.IntentionSource;
import io.culvert.identity.SpiffeId;
import io.culvert.identity.Subscription;
import io.culvert.identity.TrustBundle;
import io.culvert.identity.join.JoinToken;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** A mesh part, as the API shows and steers it. */
final class MeshDoors implements Policy, JoinTokens {
    private final MeshPart mesh;

    MeshDoors(MeshPart mesh) {
        this.mesh = mesh;
    }

    @Override
    public IntentionSource intentions() {
        return mesh.intentions();
    }

    @Override
    public Optional<TrustBundle> bundle() {
        return Optional.of(mesh.certificates().bundle());
    }

    @Override
    public Subscription onBundleChange(Runnable listener) {
        return mesh.certificates().subscribe(new CertificateSource.Listener() {
            @Override
            public void certificateChanged(SpiffeId id) {
                // Only roots are of interest here.
            }

            @Override
            public void bundleChanged() {
                listener.run();
            }
        });
    }

    @Override
    public Optional<Duration> age() {
        return mesh.replica().isEmpty()
                ? Optional.of(Duration.ZERO)
                : mesh.replica()
                        .get()
                        .confirmed()
                        .map(at -> Duration.between(at, SystemClocks.WALL.now()))
                        .map(age -> age.isNegative() ? Duration.ZERO : age);
    }

    @Override
    public WriteOutcome put(Intention intention) {
        return mesh.store().isPresent()
                ? outcome(mesh.store().get().put(intention))
                : elsewhere("intentions are changed");
    }

    @Override
    public WriteOutcome delete(Intention.Pair pair) {
        return mesh.store().isPresent()
                ? outcome(mesh.store().get().delete(pair))
                : elsewhere("intentions are changed");
    }

    private static WriteOutcome outcome(PolicyOutcome outcome) {
        return outcome instanceof PolicyOutcome.Refused refused
                ? new Policy.Refused(refused.message())
                : new Policy.Written();
    }

    /** Otherwise whoever is root on one host could let himself in everywhere. */
    private WriteOutcome elsewhere(String what) {
        return new Policy.Refused(where(what));
    }

    /** Where to do {@code what}, on a host that is no server. */
    String where(String what) {
        String servers = mesh.membership().servers().stream()
                .map(seat -> seat.id().node() + " (" + seat.address() + ")")
                .collect(Collectors.joining(", "));
        return what + " on the server of the mesh, not on this host: run the command on " + servers
                + "; nothing was changed";
    }

    @Override
    public Outcome create(Duration life, int uses) {
        return withAuthority(
                authority -> {
                    try {
                        JoinToken token = authority.issue(life, uses);
                        return new Created(
                                JoinToken.printId(token.id()),
                                token.print(),
                                SystemClocks.WALL.now().plus(life));
                    } catch (IOException e) {
                        return new JoinTokens.Refused("the token could not be written to the data directory: "
                                + e.getMessage() + "; none was issued (expected: a writable disk with free space)");
                    } catch (IllegalArgumentException | IllegalStateException e) {
                        return new JoinTokens.Refused(String.valueOf(e.getMessage()));
                    }
                },
                new JoinTokens.Refused(where("join tokens are issued")));
    }

    @Override
    public List<Outstanding> outstanding() {
        return withAuthority(
                authority -> authority.outstanding().stream()
                        .map(token -> new Outstanding(JoinToken.printId(token.id()), token.expires(), token.usesLeft()))
                        .toList(),
                List.of());
    }

    @Override
    public boolean revoke(String id) {
        return withAuthority(
                authority -> {
                    Optional<Long> number = authority.outstanding().stream()
                            .map(token -> token.id())
                            .filter(token -> JoinToken.printId(token).equals(id))
                            .findFirst();
                    try {
                        return number.isPresent() && authority.revoke(number.get());
                    } catch (IOException e) {
                        throw new java.io.UncheckedIOException("the token's end could not be written", e);
                    }
                },
                false);
    }

    private <T> T withAuthority(Function<JoinAuthority, T> action, T without) {
        return mesh.joining().map(action).orElse(without);
    }
}
