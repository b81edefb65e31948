package io.culvert.testbed.simulator.invariant;

import java.util.Arrays;

/** One number for each observer and member, in flat arrays: a pool of thousands has millions of pairs. */
final class Pairs {
    static final long NONE = -1;

    private long[][] rows = new long[16][];

    long get(Host observer, Host member) {
        int row = observer.number();
        return row < rows.length && rows[row] != null && member.number() < rows[row].length
                ? rows[row][member.number()]
                : NONE;
    }

    void put(Host observer, Host member, long value) {
        long[] row = row(observer.number());
        if (member.number() >= row.length) {
            int known = row.length;
            row = Arrays.copyOf(row, Math.max(2 * known, member.number() + 1));
            Arrays.fill(row, known, row.length, NONE);
            rows[observer.number()] = row;
        }
        row[member.number()] = value;
    }

    private long[] row(int number) {
        if (number >= rows.length) {
            rows = Arrays.copyOf(rows, Math.max(2 * rows.length, number + 1));
        }
        if (rows[number] == null) {
            rows[number] = new long[] {NONE};
        }
        return rows[number];
    }

    /** A new life of {@code observer} has seen nothing. */
    void clear(Host observer) {
        if (observer.number() < rows.length && rows[observer.number()] != null) {
            Arrays.fill(rows[observer.number()], NONE);
        }
    }
}
