package io.culvert.dns.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.culvert.testbed.kit.Property;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Section;

/** The two ways to answer agree; and no bytes whatever do harm. */
class ResponderPropertyTest {
    private static final List<String> WORDS = List.of(
            "mysql",
            "web",
            "WEB",
            "sick",
            "gone",
            "v6",
            "own",
            "hosted",
            "primary",
            "v1",
            "db-1",
            "app-1",
            "six",
            "service",
            "node",
            "addr",
            "virtual",
            "query",
            "dc1",
            "DC1",
            "dc2",
            "_web",
            "_tcp",
            "_v1",
            "ns",
            "0a000007",
            "unknown",
            "x",
            "mesh",
            "consul",
            "in-addr",
            "arpa");
    private static final int[] TYPES = {1, 28, 33, 1, 28, 33, 16, 6, 2, 12, 5, 255, 252, 65, 0, 41, 300};
    private static final int[] PAYLOADS = {-1, -1, 0, 512, 600, 1_232, 4_096, 65_535};

    private final SampleMesh mesh = new SampleMesh();
    private final View view = mesh.view();
    private final Responder responder = new Responder(ZoneSettings.DEFAULT, new SplittableRandom(1));
    private final AnswerBuffer fast = new AnswerBuffer();
    private final AnswerBuffer slow = new AnswerBuffer();

    @Test
    void the_short_way_says_what_dnsjava_says() {
        int[] answered = {0};
        Property.forSeeds(400, random -> {
            for (int i = 0; i < 50; i++) {
                byte[] question = question(random);
                Transport transport = Transport.values()[random.nextInt(3)];
                if (responder.respondFast(question, question.length, transport, view, fast)) {
                    answered[0]++;
                    responder.respondSlowly(question, question.length, transport, view, slow);
                    agree(Questions.decode(fast), Questions.decode(slow));
                }
            }
        });
        assertThat(answered[0]).as("questions that took the short way").isPositive();
    }

    private static void agree(Message fast, Message slow) {
        assertThat(fast.getHeader().getID()).isEqualTo(slow.getHeader().getID());
        assertThat(fast.getQuestion()).isEqualTo(slow.getQuestion());
        assertThat(fast.getQuestion().getName().toString())
                .isEqualTo(slow.getQuestion().getName().toString());
        assertThat(fast.getRcode()).isEqualTo(slow.getRcode());
        for (int flag : new int[] {Flags.QR, Flags.AA, Flags.RD, Flags.RA, Flags.AD, Flags.CD}) {
            assertThat(fast.getHeader().getFlag(flag))
                    .as("flag %s", flag)
                    .isEqualTo(slow.getHeader().getFlag(flag));
        }
        OPTRecord opt = fast.getOPT();
        OPTRecord other = slow.getOPT();
        assertThat(opt == null).isEqualTo(other == null);
        if (opt != null && other != null) {
            assertThat(opt.toString()).isEqualTo(other.toString());
        }
        // What dnsjava had to cut, because it packs names differently, is still a part of the whole.
        for (int section : new int[] {Section.ANSWER, Section.AUTHORITY, Section.ADDITIONAL}) {
            if (slow.getHeader().getFlag(Flags.TC)) {
                assertThat(folded(fast, section)).containsAll(folded(slow, section));
            } else {
                assertThat(folded(fast, section)).isEqualTo(folded(slow, section));
            }
        }
    }

    /** Compression lends a name the question's spelling; names have no case. */
    private static List<String> folded(Message message, int section) {
        return Questions.section(message, section).stream()
                .map(text -> text.toLowerCase(Locale.ROOT))
                .sorted()
                .toList();
    }

    @Test
    void any_bytes_are_answered_within_bounds_or_not_at_all() {
        Property.forSeeds(400, random -> {
            for (int i = 0; i < 50; i++) {
                check(Property.bytes(random, random.nextInt(64)), random);
                check(broken(question(random), random), random);
            }
        });
    }

    private void check(byte[] message, SplittableRandom random) {
        Transport transport = Transport.values()[random.nextInt(3)];
        Outcome outcome = responder.respond(message, message.length, transport, view, fast);

        boolean response = message.length >= 12 && (message[2] & 0x80) != 0;
        assertThat(outcome).isEqualTo(message.length < 12 || response ? Outcome.SILENT : Outcome.ANSWERED);
        if (outcome == Outcome.SILENT) {
            assertThat(fast.length()).isZero();
            return;
        }
        Message answer = Questions.decode(fast);
        assertThat(fast.length()).isLessThanOrEqualTo(allowed(message, transport));
        assertThat(answer.getHeader().getID()).isEqualTo((message[0] & 0xff) << 8 | message[1] & 0xff);
        assertThat(answer.getHeader().getFlag(Flags.QR)).isTrue();
        int end = message[4] == 0 && message[5] == 1 ? WireFormat.questionEnd(message, message.length) : -1;
        if (end > 0) {
            assertThat(Arrays.copyOfRange(fast.bytes(), 12, end)).isEqualTo(Arrays.copyOfRange(message, 12, end));
        }
    }

    /** Without EDNS 512 bytes; with it what was announced. Broken questions may have it or not: the larger counts. */
    private static int allowed(byte[] message, Transport transport) {
        OPTRecord opt = null;
        try {
            opt = new Message(message).getOPT();
        } catch (java.io.IOException | RuntimeException e) {
            assertThat(e).as("a message that dnsjava cannot read has no EDNS").isNotNull();
        }
        return opt == null ? transport.plainLimit() : transport.limit(opt.getPayloadSize());
    }

    private static byte[] broken(byte[] message, SplittableRandom random) {
        byte[] broken = Arrays.copyOf(message, message.length + random.nextInt(3));
        for (int flips = random.nextInt(4); flips > 0; flips--) {
            broken[random.nextInt(broken.length)] ^= (byte) (1 << random.nextInt(8));
        }
        return random.nextInt(4) == 0 ? Arrays.copyOf(broken, random.nextInt(broken.length + 1)) : broken;
    }

    private static byte[] question(SplittableRandom random) {
        StringBuilder name = new StringBuilder();
        for (int labels = random.nextInt(4); labels > 0; labels--) {
            name.append(WORDS.get(random.nextInt(WORDS.size()))).append('.');
        }
        name.append(
                random.nextInt(8) == 0
                        ? WORDS.get(random.nextInt(WORDS.size()))
                        : random.nextBoolean() ? "mesh" : "Consul");
        int flags = random.nextInt(3) == 0 ? random.nextInt(0x0800) : random.nextBoolean() ? Questions.RD : 0x0130;
        int dclass = random.nextInt(20) == 0 ? random.nextInt(65_536) : 1;
        int ednsTtl = random.nextInt(20) == 0 ? random.nextInt() : random.nextBoolean() ? 0x8000 : 0;
        return Questions.message(
                flags,
                name.toString(),
                TYPES[random.nextInt(TYPES.length)],
                dclass,
                PAYLOADS[random.nextInt(PAYLOADS.length)],
                ednsTtl,
                options(random));
    }

    private static byte[] options(SplittableRandom random) {
        ByteArrayOutputStream options = new ByteArrayOutputStream();
        for (int count = random.nextInt(3); count > 0; count--) {
            int code = random.nextInt(16);
            int size = random.nextInt(4) == 0 ? random.nextInt(48) : 8;
            options.writeBytes(new byte[] {0, (byte) code, 0, (byte) size});
            options.writeBytes(Property.bytes(random, random.nextInt(16) == 0 ? size / 2 : size));
        }
        return options.toByteArray();
    }
}
