package io.culvert.gossip.core;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.time.Duration;
import java.util.Arrays;

/**
 * The whole protocol of one member (invariant 14 of its simulator: no input ends a loop). The input is a script of events:
 * {@code kind u8, length u16, bytes}; what the kinds are is in {@link #play}.
 */
class GossipMachineFuzzTest {
    private static final int HEADER = 3;
    private static final int MOST_EVENTS = 64;

    @FuzzTest(maxDuration = "1h")
    void after_any_events_it_answers_and_its_timers_fire(byte[] script) {
        HostileWorld world = new HostileWorld();
        int at = 0;
        for (int events = 0; at + HEADER <= script.length && events < MOST_EVENTS; events++) {
            int length = Math.min((script[at + 1] & 0xff) << 8 | script[at + 2] & 0xff, script.length - at - HEADER);
            play(world, script[at], Arrays.copyOfRange(script, at + HEADER, at + HEADER + length));
            at += HEADER + length;
        }
        world.assertAnswersPing();
        world.assertTimersFire();
        world.assertAnswersPing();
    }

    private static void play(HostileWorld world, byte kind, byte[] bytes) {
        int first = bytes.length == 0 ? 0 : bytes[0] & 0xff;
        switch (kind & 0xf) {
            case 0 -> world.strangerSends(bytes);
            case 1, 2, 3 -> world.insiderSends(bytes);
            case 4 -> world.strangerConnects(bytes);
            case 5 -> world.insiderConnects();
            case 6, 7, 8 -> world.insiderSays(kind >> 4, bytes);
            case 9 -> world.insiderCuts(kind >> 4);
            case 10 -> world.wait(Duration.ofMillis(10L * first));
            case 11 -> world.wait(Duration.ofMillis(200L * first));
            case 12 -> world.pause(Duration.ofSeconds(first));
            case 13 -> world.signaturesAre(first % 2 == 0);
            case 14 -> world.insiderSends(new byte[0]);
            default -> world.wait(Duration.ofSeconds(1));
        }
    }
}
