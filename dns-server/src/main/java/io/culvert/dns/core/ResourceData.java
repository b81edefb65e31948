package io.culvert.dns.core;

import io.culvert.catalog.IpAddress;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** What a record says, without its owner and its time to live. */
sealed interface ResourceData {
    int type();

    /** RDATA without compression. */
    byte[] wire();

    /** A or AAAA. */
    record Address(IpAddress address) implements ResourceData {
        @Override
        public int type() {
            return address.isIpv4() ? RecordType.A : RecordType.AAAA;
        }

        @Override
        public byte[] wire() {
            return address.bytes();
        }
    }

    /** SRV (RFC 2782). */
    record Location(int weight, int port, DnsName target) implements ResourceData {
        /** Consul knows one priority. */
        private static final int PRIORITY = 1;

        /** Priority, weight and port, two bytes each, stand before the target. */
        static final int BYTES_BEFORE_TARGET = 6;

        @Override
        public int type() {
            return RecordType.SRV;
        }

        @Override
        public byte[] wire() {
            byte[] name = target.wire();
            return ByteBuffer.allocate(BYTES_BEFORE_TARGET + name.length)
                    .putShort((short) PRIORITY)
                    .putShort((short) weight)
                    .putShort((short) port)
                    .put(name)
                    .array();
        }
    }

    /** A record that only points to a name: PTR, NS, CNAME. */
    record Pointer(int type, DnsName target) implements ResourceData {
        @Override
        public byte[] wire() {
            return target.wire().clone();
        }
    }

    /** TXT with one text, cut into strings of at most 255 bytes. */
    record Text(String text) implements ResourceData {
        private static final int LONGEST_STRING = 255;

        @Override
        public int type() {
            return RecordType.TXT;
        }

        @Override
        public byte[] wire() {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            ByteArrayOutputStream wire = new ByteArrayOutputStream();
            int at = 0;
            do {
                int length = Math.min(LONGEST_STRING, bytes.length - at);
                wire.write(length);
                wire.write(bytes, at, length);
                at += length;
            } while (at < bytes.length);
            return wire.toByteArray();
        }
    }

    /** The minimal answer to ANY (RFC 8482 section 4.2). */
    record HostInformation(String processor, String system) implements ResourceData {
        @Override
        public int type() {
            return RecordType.HINFO;
        }

        @Override
        public byte[] wire() {
            byte[] first = processor.getBytes(StandardCharsets.US_ASCII);
            byte[] second = system.getBytes(StandardCharsets.US_ASCII);
            return ByteBuffer.allocate(2 + first.length + second.length)
                    .put((byte) first.length)
                    .put(first)
                    .put((byte) second.length)
                    .put(second)
                    .array();
        }
    }

    /**
     * SOA.
     *
     * @param numbers serial, refresh, retry, expire, minimum
     */
    record Authority(DnsName primary, DnsName mailbox, List<Integer> numbers) implements ResourceData {
        public Authority {
            numbers = List.copyOf(numbers);
        }

        @Override
        public int type() {
            return RecordType.SOA;
        }

        @Override
        public byte[] wire() {
            ByteBuffer wire =
                    ByteBuffer.allocate(primary.wire().length + mailbox.wire().length + Integer.BYTES * numbers.size());
            wire.put(primary.wire()).put(mailbox.wire());
            numbers.forEach(wire::putInt);
            return wire.array();
        }
    }
}
