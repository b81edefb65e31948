package io.culvert.testbed.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import io.culvert.gossip.membership.SwimSettings;
import io.culvert.testbed.kit.Seeds;
import io.culvert.testbed.simulator.fault.FaultScript;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each fault by itself, and strong: no invariant breaks, and everybody agrees afterwards. */
class EveryFaultTest {
    private static final int MEMBERS = 12;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "loss at=0s length=60s from=all to=all share=0.25",
                "burst-loss at=0s length=60s from=all to=all enter=0.02 leave=0.1 loss-in-bad=1",
                "delay at=0s length=60s from=all to=all base=60ms jitter=60ms",
                "duplication at=0s length=60s from=all to=all share=1",
                "reordering at=0s length=60s from=all to=all share=0.5 window=200ms",
                "bit-flip at=0s length=60s from=all to=all share=0.2",
                "truncation at=0s length=60s from=all to=all share=0.2",
                "mtu at=0s length=60s from=all to=all bytes=300",
                "bandwidth at=0s length=60s from=3 to=all bytes-per-second=10000 queue-bytes=1000",
                "cut at=0s length=60s from=all to=4 both=false",
                "cut at=0s length=60s from=4 to=all both=false",
                "cut at=0s length=60s from=0-5 to=6-11 both=true",
                "nat at=0s length=60s to=5-6 timeout=30s",
                "udp-block at=0s length=60s from=all to=5",
                "udp-block at=0s length=60s from=5 to=all",
            })
    void of_links(String script) {
        play(script);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "connect-timeout at=0s length=60s from=all to=all share=1",
                "half-open at=0s length=60s from=all to=all share=1",
                "stream-reset at=0s length=60s from=all to=all share=1 after-bytes=100",
                "slow-reader at=0s length=60s from=all to=all share=1 bytes-per-second=100",
                "black-hole at=0s length=60s from=all to=all share=1 after-bytes=500",
            })
    void of_streams(String fault) {
        play(fault + "; publish at=10s length=0s hosts=1-5; crash at=20s length=20s hosts=7-8 disk=kept");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "crash at=1s length=40s hosts=3-5 disk=kept",
                "crash at=1s length=40s hosts=3-5 disk=lost",
                "crash at=1s length=40s hosts=3-5 disk=before-sync",
                "crash at=1s length=40s hosts=3-5 disk=after-sync",
                "crash at=1s length=0s hosts=3-4 disk=kept",
                "pause at=1s length=50s hosts=3-5",
                "slow-processor at=0s length=60s hosts=3 per-event=60ms inbox=50",
                "clock-step at=0s length=40s hosts=3-5 offset=100000s; crash at=20s length=5s hosts=4 disk=kept",
                "clock-step at=0s length=80s hosts=3-5 offset=-100000s; crash at=20s length=5s hosts=4 disk=lost",
                "clock-drift at=0s length=60s hosts=3-5 parts-per-million=-5000",
                "address-swap at=5s length=0s hosts=3-4",
                "rolling-restart at=0s length=60s hosts=1-11 down=2s",
                "crash at=10s length=10s hosts=all disk=kept",
                "leave at=10s length=20s hosts=3-5",
                "leave at=10s length=0s hosts=3",
                "key-rotation at=0s length=60s hosts=all; crash at=20s length=20s hosts=4 disk=kept",
            })
    void of_hosts(String script) {
        play(script);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "forger at=0s length=60s hosts=all rate=100",
                "replayer at=0s length=60s hosts=all rate=100; crash at=20s length=10s hosts=3 disk=kept",
                "session-flood at=0s length=60s hosts=all rate=100",
                "insider at=0s length=60s hosts=all rate=50 deed=accuses-all",
                "insider at=0s length=60s hosts=all rate=50 deed=declares-all-dead",
                "insider at=0s length=60s hosts=all rate=50 deed=forges-words",
                "insider at=0s length=60s hosts=all rate=50 deed=great-incarnations",
                "insider at=0s length=60s hosts=all rate=50 deed=giant-counts",
                "insider at=0s length=60s hosts=all rate=100 deed=floods-ping-requests",
                "insider at=0s length=60s hosts=all rate=100 deed=never-echoes",
            })
    void of_strangers(String script) {
        play(script);
    }

    /** Both sides notice within the bound; the invariants watch. Which of them is to go on is for an operator to say. */
    @Test
    void a_copied_disk_is_noticed_by_both_sides() {
        long seed = Seeds.seeds(1).findFirst().orElseThrow();
        SimulatedPool pool = new SimulatedPool(seed, MEMBERS, SwimSettings.lan());
        pool.startAll(Duration.ofSeconds(5));
        pool.awaitCompany(pool.agreementBound());
        new PoolStage(pool).play(FaultScript.parse("clone-identity at=1s length=0s hosts=4"));
        pool.run(Duration.ofSeconds(60));
        assertThat(pool.running()).hasSize(MEMBERS);
    }

    private static void play(String script) {
        Seeds.seeds(1)
                .forEach(seed -> assertThat(new MixedFaults(seed, MEMBERS, FaultScript.parse(script))
                                .runOrExplain()
                                .events())
                        .isPositive());
    }
}
