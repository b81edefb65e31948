package io.culvert.catalog;

import java.util.ArrayList;
import java.util.List;

/** Text forms of IPv6 addresses: reads RFC 4291 section 2.2, writes RFC 5952. No zone identifiers. */
final class Ipv6Text {
    private static final byte[] NONE = {};
    private static final int GROUPS = 8;

    private Ipv6Text() {}

    /** Sixteen bytes, or none when {@code text} is not an IPv6 address. */
    static byte[] parse(String text) {
        int gap = text.indexOf("::");
        if (gap >= 0 && text.indexOf("::", gap + 1) >= 0) {
            return NONE;
        }
        List<Integer> head = new ArrayList<>();
        List<Integer> tail = new ArrayList<>();
        boolean valid = gap < 0
                ? groups(text, head, true)
                : groups(text.substring(0, gap), head, false) && groups(text.substring(gap + 2), tail, true);
        int known = head.size() + tail.size();
        if (!valid || (gap < 0 ? known != GROUPS : known >= GROUPS)) {
            return NONE;
        }
        return assemble(head, tail);
    }

    private static boolean groups(String text, List<Integer> into, boolean mayEndInIpv4) {
        if (text.isEmpty()) {
            return true;
        }
        String[] parts = text.split(":", -1);
        for (int i = 0; i < parts.length; i++) {
            if (mayEndInIpv4 && i == parts.length - 1 && parts[i].indexOf('.') >= 0) {
                byte[] ipv4 = Ipv4Text.parse(parts[i]);
                if (ipv4.length == 0) {
                    return false;
                }
                into.add((ipv4[0] & 0xff) << 8 | ipv4[1] & 0xff);
                into.add((ipv4[2] & 0xff) << 8 | ipv4[3] & 0xff);
            } else if (parts[i].matches("[0-9A-Fa-f]{1,4}")) {
                into.add(Integer.parseInt(parts[i], 16));
            } else {
                return false;
            }
        }
        return into.size() <= GROUPS;
    }

    private static byte[] assemble(List<Integer> head, List<Integer> tail) {
        byte[] bytes = new byte[2 * GROUPS];
        for (int i = 0; i < head.size(); i++) {
            put(bytes, i, head.get(i));
        }
        for (int i = 0; i < tail.size(); i++) {
            put(bytes, GROUPS - tail.size() + i, tail.get(i));
        }
        return bytes;
    }

    private static void put(byte[] bytes, int group, int value) {
        bytes[2 * group] = (byte) (value >>> 8);
        bytes[2 * group + 1] = (byte) value;
    }

    static String format(byte[] bytes) {
        int[] groups = new int[GROUPS];
        for (int i = 0; i < GROUPS; i++) {
            groups[i] = (bytes[2 * i] & 0xff) << 8 | bytes[2 * i + 1] & 0xff;
        }
        int start = -1;
        int longest = 1; // RFC 5952 section 4.2.2: one zero group alone is not shortened
        for (int i = 0; i < GROUPS; i++) {
            int length = 0;
            while (i + length < GROUPS && groups[i + length] == 0) {
                length++;
            }
            if (length > longest) {
                start = i;
                longest = length;
            }
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < GROUPS; i++) {
            if (i == start) {
                text.append("::");
                i += longest - 1;
            } else {
                if (!text.isEmpty() && text.charAt(text.length() - 1) != ':') {
                    text.append(':');
                }
                text.append(Integer.toHexString(groups[i]));
            }
        }
        return text.toString();
    }
}
