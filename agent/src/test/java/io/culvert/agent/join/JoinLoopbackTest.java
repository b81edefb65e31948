package io.culvert.agent.join;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.culvert.agent.rpc.LoopbackMesh;
import io.culvert.agent.rpc.RpcClient;
import io.culvert.agent.rpc.RpcFailure;
import io.culvert.agent.rpc.RpcQuestion;
import io.culvert.agent.rpc.wire.RpcError;
import io.culvert.catalog.NodeId;
import io.culvert.catalog.NodeName;
import io.culvert.catalog.ServiceName;
import io.culvert.catalog.clock.SystemClocks;
import io.culvert.identity.AgentIdentity;
import io.culvert.identity.CertificateSource;
import io.culvert.identity.Fingerprint;
import io.culvert.identity.PeerExpectation;
import io.culvert.identity.PeerVerdict;
import io.culvert.identity.PeerVerifier;
import io.culvert.identity.ServiceIdentity;
import io.culvert.identity.SpiffeId;
import io.culvert.identity.TrustDomain;
import io.culvert.identity.WorkloadCertificate;
import io.culvert.identity.authority.AuthoritySettings;
import io.culvert.identity.authority.KeyPairs;
import io.culvert.identity.authority.SigningRequest;
import io.culvert.identity.join.JoinToken;
import io.culvert.proxy.tls.TlsContexts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server and joining hosts, with real TLS on the loopback interface and a wall clock that can be put forward. */
class JoinLoopbackTest {
    private static final Duration HOUR = Duration.ofHours(1);
    private static final ServiceName WEB = new ServiceName("web");

    @TempDir
    Path folder = Path.of("unset");

    private final LoopbackMesh network = new LoopbackMesh("unused.culvert");
    private final ScheduledExecutorService worker = Executors.newSingleThreadScheduledExecutor();
    private final Map<NodeName, NodeId> live = new ConcurrentHashMap<>();
    private final AtomicReference<Duration> ahead = new AtomicReference<>(Duration.ZERO);
    private final TestServer.Ground ground = new TestServer.Ground(
            network,
            worker,
            () -> SystemClocks.WALL.now().plus(ahead.get()),
            name -> Optional.ofNullable(live.get(name)),
            new AuthoritySettings(HOUR));
    private @Nullable TestServer started;

    @AfterEach
    void close() throws Exception {
        if (started != null) {
            started.close();
        }
        network.close();
        worker.shutdownNow();
    }

    private TestServer server() throws IOException {
        LoopbackMesh.Port port = started == null ? network.port() : started.port();
        if (started != null) {
            started.close();
        }
        TestServer server = new TestServer(ground, folder.resolve("s1"), port);
        started = server;
        await().until(server::isReady);
        return server;
    }

    private TestHost host(String node) {
        return network.keep(new TestHost(ground, node, folder.resolve(node)));
    }

    private static JoinFailure failure(TestHost host, JoinToken token) {
        JoinFailure failure = catchThrowableOfType(JoinFailure.class, () -> host.join(token));
        assertThat(failure).as("a JoinFailure").isNotNull();
        return failure;
    }

    @Test
    void a_host_with_a_token_gets_all_it_needs_and_keeps_it_for_itself() throws Exception {
        TestServer server = server();
        TestHost host = host("app-1");
        MeshMembership membership = host.join(server.joining().issue(HOUR, 1));
        assertThat(membership.trustDomain()).isEqualTo(server.membership().trustDomain());
        assertThat(membership.servers()).isEqualTo(server.membership().servers());
        assertThat(membership.gossipSeeds()).containsExactly("127.0.0.1:8301");
        assertThat(membership.pool()).isEqualTo(server.membership().pool());
        assertThat(membership.server()).isFalse();
        assertThat(host.files().keyring()).isEqualTo(server.files().keyring());
        assertThat(host.files().membership()).hasValue(membership);
        CertificateManager certificates = host.start().certificates();
        assertThat(certificates.agent().id()).isEqualTo(membership.agent());
        PeerVerdict verdict = new PeerVerifier(server.authority().bundle())
                .verify(
                        certificates.agent().chain(),
                        PeerExpectation.anyClient(),
                        ground.clock().now());
        assertThat(verdict).isInstanceOf(PeerVerdict.Verified.class);
        try (Stream<Path> files = Files.walk(folder.resolve("app-1"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                        .as(file.toString())
                        .isEqualTo("rw-------");
            }
        }
    }

    @Test
    void a_token_that_was_used_gets_nothing_and_says_by_whom() throws Exception {
        TestServer server = server();
        JoinToken token = server.joining().issue(HOUR, 1);
        assertThat(host("app-1").join(token).node()).isEqualTo(new NodeName("app-1"));
        TestHost thief = host("app-2");
        assertThat(failure(thief, token)).hasMessageContaining("already used").hasMessageContaining("'app-1'");
        assertThat(thief.files().membership()).isEmpty();
        assertThat(Files.exists(folder.resolve("app-2"))).isFalse();
        assertThat(server.joining().outstanding()).isEmpty();
    }

    @Test
    void a_used_token_is_still_used_after_the_servers_restart() throws Exception {
        TestServer server = server();
        JoinToken token = server.joining().issue(HOUR, 1);
        assertThat(host("app-1").join(token).node()).isEqualTo(new NodeName("app-1"));
        TestServer again = server();
        assertThat(again.membership()).isEqualTo(server.membership());
        assertThat(failure(host("app-2"), token)).hasMessageContaining("already used");
        assertThat(host("app-3").join(again.joining().issue(HOUR, 1)).trustDomain())
                .isEqualTo(server.membership().trustDomain());
    }

    @Test
    void an_expired_a_revoked_and_a_wrong_token_get_nothing_and_say_why() throws Exception {
        TestServer server = server();
        JoinToken expired = server.joining().issue(HOUR, 1);
        JoinToken revoked = server.joining().issue(HOUR.multipliedBy(9), 1);
        JoinToken good = server.joining().issue(HOUR.multipliedBy(9), 1);
        assertThat(server.joining().revoke(revoked.id())).isTrue();
        assertThat(server.joining().revoke(revoked.id())).isFalse();
        JoinToken wrong = new JoinToken(good.addresses(), good.anchor(), good.id(), new byte[32]);
        assertThat(failure(host("app-1"), revoked)).hasMessageContaining("not known here");
        assertThat(failure(host("app-1"), wrong)).hasMessageContaining("secret is wrong");
        ahead.set(HOUR.minus(Duration.ofMinutes(1)));
        assertThat(host("app-0").join(server.joining().issue(HOUR, 1)).server()).isFalse();
        ahead.set(HOUR);
        server(); // whose own certificate is of the same age, and is renewed as it starts
        assertThat(failure(host("app-1"), expired)).hasMessageContaining("expired at");
        assertThat(Files.exists(folder.resolve("app-1"))).isFalse();
    }

    @Test
    void a_server_without_the_tokens_root_never_hears_the_secret() throws Exception {
        TestServer server = server();
        JoinToken token = server.joining().issue(HOUR, 1);
        JoinToken elsewhere =
                new JoinToken(token.addresses(), Fingerprint.of(new byte[32]), token.id(), token.secret());
        assertThat(failure(host("app-1"), elsewhere)).hasMessageContaining("fingerprint");
        assertThat(server.joining().outstanding()).hasSize(1);
        assertThat(host("app-1").join(token).node()).isEqualTo(new NodeName("app-1"));
    }

    @Test
    void every_address_of_the_token_is_tried_and_each_failure_is_told() throws Exception {
        TestServer server = server();
        LoopbackMesh.Port dead = network.port();
        dead.port().close();
        JoinToken token = server.joining().issue(HOUR, 1);
        String deadAddress = "127.0.0.1:" + dead.number();
        JoinToken detour = new JoinToken(
                List.of(deadAddress, token.addresses().get(0)), token.anchor(), token.id(), token.secret());
        JoinToken nowhere =
                new JoinToken(List.of(deadAddress, "nowhere.invalid:1"), token.anchor(), token.id(), token.secret());
        assertThat(failure(host("app-1"), nowhere))
                .hasMessageContaining(deadAddress)
                .hasMessageContaining("nowhere.invalid:1");
        assertThat(host("app-1").join(detour).node()).isEqualTo(new NodeName("app-1"));
    }

    @Test
    void a_name_that_a_live_agent_has_is_refused_and_the_token_stays_good() throws Exception {
        TestServer server = server();
        live.put(new NodeName("app-1"), new NodeId(7, 7));
        JoinToken token = server.joining().issue(HOUR, 1);
        assertThat(failure(host("APP-1"), token)).hasMessageContaining("taken by another live agent");
        assertThat(failure(host("S1"), token)).hasMessageContaining("that of the server");
        JoinFailure elsewhere =
                catchThrowableOfType(JoinFailure.class, () -> host("app-2").join(token, "dc2"));
        assertThat(elsewhere).hasMessageContaining("datacenter 'dc1'");
        assertThat(host("app-2").join(token).node()).isEqualTo(new NodeName("app-2"));
        JoinToken next = server.joining().issue(HOUR, 1);
        assertThat(failure(host("app-2"), next)).hasMessageContaining("a moment ago");
        live.clear();
        assertThat(host("app-1").join(next).node()).isEqualTo(new NodeName("app-1"));
    }

    @Test
    void of_many_hosts_with_one_token_exactly_as_many_join_as_it_allows() throws Exception {
        TestServer server = server();
        JoinToken token = server.joining().issue(HOUR, 2);
        CountDownLatch over = new CountDownLatch(6);
        Map<String, Boolean> joined = new ConcurrentHashMap<>();
        for (int i = 0; i < 6; i++) {
            TestHost host = host("app-" + i);
            String name = "app-" + i;
            Thread one = new Thread(() -> {
                try {
                    joined.put(name, host.join(token).node().text().equals(name));
                } catch (JoinFailure refused) {
                    assertThat(refused).hasMessageMatching(".*(already used|are under way|closed the connection).*");
                } catch (IOException | InterruptedException e) {
                    throw new AssertionError(e);
                } finally {
                    over.countDown();
                }
            });
            one.start();
        }
        assertThat(over.await(60, TimeUnit.SECONDS)).isTrue();
        assertThat(joined).hasSize(2).doesNotContainValue(false);
    }

    @Test
    void a_service_gets_its_certificate_and_a_restart_needs_neither_token_nor_server() throws Exception {
        TestServer server = server();
        TestHost host = host("app-1");
        assertThat(host.join(server.joining().issue(HOUR, 1)).server()).isFalse();
        TestHost.Running running = host.start();
        running.certificates().start(running.signer());
        assertThat(running.certificates().current(WEB)).isNull();
        running.certificates().serve(List.of(WEB));
        await().until(() -> running.certificates().current(WEB) != null);
        WorkloadCertificate first =
                Objects.requireNonNull(running.certificates().current(WEB));
        assertThat(first.id()).isEqualTo(running.certificates().identity(WEB));
        assertThat(running.certificates().status()).hasSize(2);
        server.close();
        TestHost.Running again = host.start();
        again.certificates().start(again.signer());
        again.certificates().serve(List.of(WEB));
        await().until(() -> again.certificates().current(WEB) != null);
        WorkloadCertificate kept = Objects.requireNonNull(again.certificates().current(WEB));
        assertThat(kept.chain()).isEqualTo(first.chain());
        again.certificates().serve(List.of());
        await().until(() -> again.certificates().current(WEB) == null);
        assertThat(host.files().certificates().read(first.id())).isEmpty();
    }

    @Test
    void certificates_are_renewed_in_time_and_everybody_is_told() throws Exception {
        TestServer server = server();
        TestHost host = host("app-1");
        assertThat(host.join(server.joining().issue(HOUR, 1)).server()).isFalse();
        TestHost.Running running = host.start();
        CertificateManager certificates = running.certificates();
        certificates.start(running.signer());
        certificates.serve(List.of(WEB));
        await().until(() -> certificates.current(WEB) != null);
        WorkloadCertificate agent = certificates.agent();
        WorkloadCertificate web = Objects.requireNonNull(certificates.current(WEB));
        Map<SpiffeId, Integer> told = new ConcurrentHashMap<>();
        var subscription = certificates.subscribe(new CertificateSource.Listener() {
            @Override
            public void certificateChanged(SpiffeId id) {
                told.merge(id, 1, Integer::sum);
            }

            @Override
            public void bundleChanged() {
                told.merge(web.id(), 1_000, Integer::sum);
            }
        });
        ahead.set(Duration.ofMinutes(50)); // past seven tenths of the hour
        certificates.serve(List.of(WEB)); // looks at once
        await().until(() -> Objects.requireNonNull(certificates.current(WEB)).generation() == 2
                && certificates.agent().generation() == 2);
        await().untilAsserted(() -> assertThat(told).containsOnlyKeys(agent.id(), web.id()));
        subscription.close();
        assertThat(told).containsOnlyKeys(agent.id(), web.id()).doesNotContainValue(1_000);
        assertThat(certificates.agent().notAfter()).isAfter(agent.notAfter());
        assertThat(certificates.agent().key()).isNotEqualTo(agent.key());
        assertThat(host.files().certificates().read(agent.id()).orElseThrow().generation())
                .isEqualTo(2);
        assertThat(certificates.status())
                .allSatisfy(one -> assertThat(one.failures()).isZero());
    }

    @Test
    void while_the_server_is_away_certificates_stay_and_are_renewed_when_it_is_back() throws Exception {
        TestServer server = server();
        TestHost host = host("app-1");
        assertThat(host.join(server.joining().issue(HOUR, 1)).server()).isFalse();
        TestHost.Running running = host.start();
        CertificateManager certificates = running.certificates();
        certificates.start(running.signer());
        certificates.serve(List.of(WEB));
        await().until(() -> certificates.current(WEB) != null);
        server.close();
        ahead.set(Duration.ofMinutes(50));
        certificates.serve(List.of(WEB));
        await().until(() -> certificates.status().stream().allMatch(one -> one.failures() > 0));
        assertThat(certificates.status())
                .allSatisfy(one -> assertThat(one.lastError()).isPresent());
        assertThat(Objects.requireNonNull(certificates.current(WEB)).generation())
                .isOne();
        server();
        await().atMost(Duration.ofSeconds(60))
                .until(() -> Objects.requireNonNull(certificates.current(WEB)).generation() == 2
                        && certificates.agent().generation() == 2);
    }

    @Test
    void a_host_that_was_off_until_its_certificate_expired_comes_back_without_a_token() throws Exception {
        TestServer server = server();
        TestHost host = host("app-1");
        assertThat(host.join(server.joining().issue(HOUR, 1)).server()).isFalse();
        ahead.set(Duration.ofDays(3));
        server();
        TestHost.Running running = host.start();
        assertThat(running.certificates().agent().notAfter())
                .isBefore(ground.clock().now());
        running.certificates().start(running.signer());
        running.certificates().serve(List.of(WEB));
        await().atMost(Duration.ofSeconds(60))
                .until(() -> running.certificates().agent().generation() == 2
                        && running.certificates().current(WEB) != null);
        assertThat(running.certificates().agent().notAfter())
                .isAfter(ground.clock().now());
    }

    @Test
    void a_host_that_was_off_for_too_long_or_lost_its_name_has_to_join_again() throws Exception {
        TestServer server = server();
        TestHost host = host("app-1");
        assertThat(host.join(server.joining().issue(HOUR, 1)).server()).isFalse();
        ahead.set(Duration.ofDays(3));
        server();
        TestHost successor = network.keep(new TestHost(ground, "app-1", folder.resolve("successor")));
        assertThat(successor
                        .join(Objects.requireNonNull(started).joining().issue(HOUR, 1))
                        .server())
                .isFalse();
        assertThat(renewal(host)).hasMessageContaining("given to another host").hasMessageContaining("join again");
        ahead.set(Duration.ofDays(92));
        server();
        assertThat(renewal(host)).hasMessageContaining("90 days").hasMessageContaining("join again");
    }

    @Test
    void nobody_renews_a_certificate_whose_key_he_does_not_hold() throws Exception {
        TestServer server = server();
        TestHost host = host("app-1");
        assertThat(host.join(server.joining().issue(HOUR, 1)).server()).isFalse();
        ahead.set(Duration.ofDays(3));
        server();
        WorkloadCertificate own = host.start().certificates().agent();
        WorkloadCertificate stolen = new WorkloadCertificate(
                own.id(), own.chain(), KeyPairs.generate(network.random).getPrivate(), 1);
        TestHost.Running running = host.start();
        RemoteSigner thief =
                new RemoteSigner(running.members(), strangers(host, running), () -> stolen, ground.clock());
        assertThat(refusal(thief, own.id())).hasMessageContaining("not signed with the key");
    }

    @Test
    void an_agent_gets_certificates_for_itself_and_for_services_of_its_datacenter_only() throws Exception {
        TestServer server = server();
        TestHost host = host("app-1");
        MeshMembership membership = host.join(server.joining().issue(HOUR, 1));
        TestHost.Running running = host.start();
        TrustDomain domain = membership.trustDomain();
        for (SpiffeId foreign : List.of(
                new AgentIdentity(domain, "dc1", new NodeName("s1")),
                new AgentIdentity(domain, "dc1", new NodeName("app-2")),
                new ServiceIdentity(domain, "dc2", WEB),
                new ServiceIdentity(new TrustDomain("others.culvert"), "dc1", WEB))) {
            assertThat(refusal(running.signer(), foreign)).hasMessageContaining("may not have a certificate");
        }
        SignedCertificate signed = running.signer()
                .sign(new ServiceIdentity(domain, "dc1", WEB), SigningRequest.create(KeyPairs.generate(network.random)))
                .get(20, TimeUnit.SECONDS);
        assertThat(signed.roots()).isEqualTo(server.authority().bundle().roots());
        RpcFailure malformed = refusalOf(running.members()
                .ask(new RpcQuestion<>(
                        JoinMessages.SIGN,
                        new JoinMessages.SignRequest(membership.agent().uri(), new byte[] {1, 2, 3}),
                        JoinMessages.SignAnswer.class,
                        true,
                        Duration.ofSeconds(20))));
        assertThat(malformed.error()).isEqualTo(RpcError.REFUSED);
        assertThat(malformed).hasMessageContaining("signing request");
    }

    @Test
    void a_damaged_service_certificate_is_set_aside_and_replaced() throws Exception {
        TestServer server = server();
        TestHost host = host("app-1");
        MeshMembership membership = host.join(server.joining().issue(HOUR, 1));
        SpiffeId id = new ServiceIdentity(membership.trustDomain(), "dc1", WEB);
        Path file = host.files().certificates().file(id);
        Files.writeString(file, "damaged");
        TestHost.Running running = host.start();
        running.certificates().start(running.signer());
        running.certificates().serve(List.of(WEB));
        await().until(() -> running.certificates().current(WEB) != null);
        assertThat(Path.of(file + ".damaged")).hasContent("damaged");
        assertThat(host.files().certificates().read(id)).isPresent();
    }

    @Test
    void founding_that_was_cut_short_is_taken_up_and_a_damaged_membership_is_an_error() throws Exception {
        TestServer server = server();
        Path membership = folder.resolve("s1/mesh.json");
        Files.delete(membership);
        TestServer again = server();
        assertThat(again.membership()).isEqualTo(server.membership());
        assertThat(again.authority().bundle().roots())
                .isEqualTo(server.authority().bundle().roots());
        Files.writeString(membership, "{}");
        assertThatThrownBy(() -> again.files().membership())
                .isInstanceOf(IOException.class)
                .hasMessageContaining("mesh.json")
                .hasMessageContaining("damaged");
    }

    private RpcClient strangers(TestHost host, TestHost.Running running) throws IOException {
        AgentTls tls = network.keep(new AgentTls(running.certificates(), new TlsContexts(ground.clock())));
        var targets = host.files().membership().orElseThrow().servers().stream()
                .map(ServerSeat::target)
                .toList();
        return network.keep(new RpcClient(() -> targets, tls.askingAsStranger(), network.network()));
    }

    private RpcFailure renewal(TestHost host) throws Exception {
        TestHost.Running running = host.start();
        return refusal(running.signer(), running.certificates().agent().id());
    }

    private RpcFailure refusal(CertificateSigner signer, SpiffeId id) throws Exception {
        return refusalOf(signer.sign(id, SigningRequest.create(KeyPairs.generate(network.random))));
    }

    private static RpcFailure refusalOf(CompletableFuture<?> answer) throws Exception {
        try {
            Object unexpected = answer.get(20, TimeUnit.SECONDS);
            throw new AssertionError("not refused: " + unexpected);
        } catch (ExecutionException e) {
            RpcFailure failure = RpcFailure.in(e);
            assertThat(failure).as("an RpcFailure in " + e).isNotNull();
            return Objects.requireNonNull(failure);
        }
    }
}
