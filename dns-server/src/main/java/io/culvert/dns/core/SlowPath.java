package io.culvert.dns.core;

import io.culvert.dns.core.Answer.Entry;
import io.culvert.dns.core.Answer.Extra;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;

/** Answers every question whose header and name can be read, through dnsjava's messages. */
final class SlowPath {
    /** The least that a record of an answer takes: a pointer, ten bytes of header and an address. */
    private static final int SMALLEST_RECORD = 16;

    /** Consul tries no more locations than this. */
    private static final int MOST_LOCATIONS = 1_024;

    private final ZoneSettings settings;
    private final Resolver resolver;
    private final RandomGenerator random;

    SlowPath(ZoneSettings settings, Resolver resolver, RandomGenerator random) {
        this.settings = settings;
        this.resolver = resolver;
        this.random = random;
    }

    /** A question that dnsjava has read. */
    private record Asked(
            Message message, Record question, @Nullable OPTRecord opt, Transport transport) {
        int limit() {
            return opt == null ? transport.plainLimit() : transport.limit(opt.getPayloadSize());
        }

        boolean isPlainUdp() {
            return transport.isUdp() && opt == null;
        }
    }

    Outcome respond(byte[] message, int length, Transport transport, View view, AnswerBuffer out) {
        Asked asked = read(message, length, transport);
        if (asked == null) {
            Refusals.write(message, length, ResponseCode.FORMAT_ERROR, out);
            return Outcome.ANSWERED;
        }
        int type = asked.question().getType();
        int dclass = asked.question().getDClass();
        if (asked.opt() != null && asked.opt().getVersion() > 0) {
            return send(reply(asked, ResponseCode.BAD_VERSION), out);
        }
        if (dclass != WireFormat.CLASS_IN && dclass != WireFormat.CLASS_ANY) {
            return send(reply(asked, ResponseCode.REFUSED), out);
        }
        List<String> labels = QuestionName.labels(message, WireFormat.HEADER_BYTES);
        QuestionName name = QuestionName.of(labels, settings.domains());
        if (RecordType.isUnsupportedMeta(type)) {
            return send(reply(asked, name.isInZone() ? ResponseCode.NOT_IMPLEMENTED : ResponseCode.REFUSED), out);
        }
        if (type == 0 || type == RecordType.OPT) {
            return send(reply(asked, ResponseCode.FORMAT_ERROR), out);
        }
        Optional<Answer> answer = name.isInZone()
                ? Optional.of(resolver.resolve(name, type, view))
                : resolver.reverse(labels, type, view);
        if (answer.isPresent()) {
            return send(fitting(asked, answer.get(), view), out);
        }
        if (settings.recursion() && asked.message().getHeader().getFlag(Flags.RD)) {
            return Outcome.FORWARD;
        }
        return send(reply(asked, ResponseCode.REFUSED), out);
    }

    private static @Nullable Asked read(byte[] bytes, int length, Transport transport) {
        Message message;
        try {
            message = new Message(Arrays.copyOf(bytes, length));
        } catch (IOException | RuntimeException e) {
            // dnsjava reports some malformed records by unchecked exceptions. Whatever it is, the client gets FORMERR.
            return null;
        }
        List<OPTRecord> options = new ArrayList<>();
        for (Record each : message.getSection(Section.ADDITIONAL)) {
            if (each instanceof OPTRecord opt) {
                options.add(opt);
            }
        }
        // RFC 6891 section 6.1.1: more than one OPT, or one not owned by the root, is a format error.
        boolean odd = options.size() > 1
                || options.size() == 1 && options.get(0).getName().length() > 1;
        Record question = message.getQuestion();
        return odd || question == null || message.numBytes() != length
                ? null
                : new Asked(message, question, options.isEmpty() ? null : options.get(0), transport);
    }

    private Message reply(Asked asked, int rcode) {
        Message reply = new Message(asked.message().getHeader().getID());
        reply.getHeader().setFlag(Flags.QR);
        reply.getHeader().setRcode(rcode & 0xf);
        for (int echoed : new int[] {Flags.RD, Flags.CD}) {
            if (asked.message().getHeader().getFlag(echoed)) {
                reply.getHeader().setFlag(echoed);
            }
        }
        if (settings.recursion()) {
            reply.getHeader().setFlag(Flags.RA);
        }
        reply.addRecord(asked.question(), Section.QUESTION);
        OPTRecord opt = asked.opt();
        if (opt != null) {
            int echoed = opt.getFlags() & WireFormat.DNSSEC_OK;
            reply.addRecord(new OPTRecord(WireFormat.OUR_PAYLOAD, rcode >>> 4, 0, echoed), Section.ADDITIONAL);
        }
        return reply;
    }

    /** As many records as fit, each together with the records that go with it. */
    private Message fitting(Asked asked, Answer answer, View view) {
        List<Entry> entries = chosen(asked, answer);
        int most = asked.limit() / SMALLEST_RECORD;
        if (entries.size() <= most) {
            Message whole = message(asked, answer, entries, view);
            if (whole.toWire().length <= asked.limit()) {
                return whole;
            }
        }
        int fits = 0;
        int tooMany = Math.min(entries.size(), most + 1);
        while (tooMany - fits > 1) {
            int middle = (fits + tooMany) >>> 1;
            boolean small =
                    message(asked, answer, entries.subList(0, middle), view).toWire().length <= asked.limit();
            fits = small ? middle : fits;
            tooMany = small ? tooMany : middle;
        }
        Message cut = message(asked, answer, entries.subList(0, fits), view);
        if (asked.transport().isUdp()) {
            cut.getHeader().setFlag(Flags.TC);
        }
        return cut;
    }

    private List<Entry> chosen(Asked asked, Answer answer) {
        List<Entry> entries = new ArrayList<>(answer.entries());
        for (int i = entries.size() - 1; i > 0; i--) {
            int other = random.nextInt(i + 1);
            entries.set(other, entries.set(i, entries.get(other)));
        }
        // RFC 1034 section 3.6.2: a name has one alias.
        boolean alias = !entries.isEmpty() && entries.get(0).data().type() == RecordType.CNAME;
        int allowed = settings.limits().count(entries.size(), asked.question().getType(), asked.isPlainUdp());
        int tried = asked.question().getType() == RecordType.SRV ? Math.min(allowed, MOST_LOCATIONS) : allowed;
        return entries.subList(0, alias ? 1 : tried);
    }

    private Message message(Asked asked, Answer answer, List<Entry> entries, View view) {
        Message reply = reply(asked, answer.rcode());
        reply.getHeader().setFlag(Flags.AA);
        Name owner = asked.question().getName();
        Set<DnsName> owners = new HashSet<>();
        for (Entry entry : entries) {
            reply.addRecord(record(owner, entry.data(), entry.ttl()), Section.ANSWER);
            for (Extra extra : entry.extras()) {
                if (owners.add(extra.owner())) {
                    reply.addRecord(record(name(extra.owner()), extra.data(), extra.ttl()), Section.ADDITIONAL);
                }
            }
        }
        if (answer.hasAuthority()) {
            ResourceData authority = resolver.authority(answer.zone(), view);
            reply.addRecord(record(name(answer.zone()), authority, resolver.negativeSeconds()), Section.AUTHORITY);
        }
        return reply;
    }

    private static Record record(Name owner, ResourceData data, int ttl) {
        return Record.newRecord(owner, data.type(), DClass.IN, ttl, data.wire());
    }

    private static Name name(DnsName name) {
        try {
            return new Name(name.wire());
        } catch (IOException e) {
            throw new IllegalStateException("a checked name is not read by dnsjava: " + name, e);
        }
    }

    private static Outcome send(Message reply, AnswerBuffer out) {
        byte[] wire = reply.toWire();
        out.put(wire);
        return Outcome.ANSWERED;
    }
}
