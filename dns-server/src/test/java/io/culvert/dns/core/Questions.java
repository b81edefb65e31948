package io.culvert.dns.core;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.xbill.DNS.Message;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/** Questions made by hand, and answers read by dnsjava. */
public final class Questions {
    public static final int ID = 0x1234;
    public static final int RD = 0x0100;

    private Questions() {}

    /** A plain question with RD, as glibc sends it. */
    public static byte[] plain(String name, int type) {
        return message(RD, name, type, 1, -1, 0, new byte[0]);
    }

    /** A question with EDNS of {@code payload} bytes. */
    public static byte[] edns(String name, int type, int payload) {
        return message(RD, name, type, 1, payload, 0, new byte[0]);
    }

    /** @param payload announced by EDNS; -1: no EDNS */
    public static byte[] message(
            int flags, String name, int type, int dclass, int payload, int ednsTtl, byte[] options) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeShort(ID);
            out.writeShort(flags);
            out.writeShort(1);
            out.writeShort(0);
            out.writeShort(0);
            out.writeShort(payload < 0 ? 0 : 1);
            for (String label : name.equals(".") ? new String[0] : name.split("\\.")) {
                out.writeByte(label.length());
                out.write(label.getBytes(StandardCharsets.ISO_8859_1));
            }
            out.writeByte(0);
            out.writeShort(type);
            out.writeShort(dclass);
            if (payload >= 0) {
                out.writeByte(0);
                out.writeShort(41);
                out.writeShort(payload);
                out.writeInt(ednsTtl);
                out.writeShort(options.length);
                out.write(options);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    public static Message decode(AnswerBuffer answer) {
        return decode(Arrays.copyOf(answer.bytes(), answer.length()));
    }

    public static Message decode(byte[] answer) {
        try {
            return new Message(answer);
        } catch (IOException e) {
            throw new AssertionError("the answer cannot be read", e);
        }
    }

    /** The records of a section as sorted text: {@code TTL TYPE DATA}, owners where they are not the question's. */
    public static List<String> section(Message answer, int section) {
        return answer.getSection(section).stream()
                .filter(record -> record.getType() != Type.OPT)
                .map(record -> text(answer, record, section))
                .sorted()
                .toList();
    }

    private static String text(Message answer, Record record, int section) {
        boolean own = section == Section.ANSWER
                && record.getName().equals(answer.getQuestion().getName());
        return (own ? "" : record.getName() + " ") + record.getTTL() + " " + Type.string(record.getType()) + " "
                + record.rdataToString();
    }
}
