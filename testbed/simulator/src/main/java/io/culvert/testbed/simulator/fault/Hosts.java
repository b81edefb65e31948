package io.culvert.testbed.simulator.fault;

import java.util.BitSet;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Whom a fault befalls, by number from 0. Written {@code all}, {@code none}, or as in {@code 3,7,10-19}. */
public final class Hosts {
    public static final Hosts ALL = new Hosts(true, new BitSet());
    public static final Hosts NONE = new Hosts(false, new BitSet());
    private static final int MOST = 1_000_000;

    private final boolean all;
    private final BitSet numbers;

    private Hosts(boolean all, BitSet numbers) {
        this.all = all;
        this.numbers = numbers;
    }

    public static Hosts of(int... hosts) {
        return of(IntStream.of(hosts).boxed().toList());
    }

    public static Hosts of(List<Integer> hosts) {
        BitSet numbers = new BitSet();
        hosts.forEach(numbers::set);
        return new Hosts(false, numbers);
    }

    /** These and {@code more}. */
    public Hosts and(Hosts more) {
        BitSet either = (BitSet) numbers.clone();
        either.or(more.numbers);
        return all || more.all ? ALL : new Hosts(false, either);
    }

    /** Everybody but these. */
    public Hosts others(int members) {
        BitSet rest = new BitSet();
        if (!all) {
            rest.set(0, members);
            rest.andNot(numbers);
        }
        return new Hosts(false, rest);
    }

    /** @throws IllegalArgumentException when {@code text} is not in the form above */
    static Hosts parse(String text) {
        if (text.equals("all")) {
            return ALL;
        }
        if (text.equals("none")) {
            return NONE;
        }
        BitSet numbers = new BitSet();
        for (String part : text.split(",", -1)) {
            String[] ends = part.split("-", 2);
            int first = number(ends[0], text);
            int last = ends.length == 1 ? first : number(ends[1], text);
            if (last < first) {
                throw new IllegalArgumentException("hosts '" + text + "': " + part + " runs backwards");
            }
            numbers.set(first, last + 1);
        }
        return new Hosts(false, numbers);
    }

    private static int number(String digits, String text) {
        if (!digits.matches("[0-9]{1,7}") || Integer.parseInt(digits) > MOST) {
            throw new IllegalArgumentException(
                    "hosts '" + text + "': '" + digits + "' is not a number (expected: all, none, or as in 3,7,10-19)");
        }
        return Integer.parseInt(digits);
    }

    public boolean contains(int host) {
        return all || numbers.get(host);
    }

    /** In order; those beyond the pool are left out. */
    public List<Integer> within(int members) {
        return IntStream.range(0, members).filter(this::contains).boxed().toList();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Hosts that && all == that.all && numbers.equals(that.numbers);
    }

    @Override
    public int hashCode() {
        return numbers.hashCode() + (all ? 1 : 0);
    }

    @Override
    public String toString() {
        if (all) {
            return "all";
        }
        return numbers.isEmpty() ? "none" : ranges();
    }

    private String ranges() {
        return numbers.stream()
                .filter(number -> number == 0 || !numbers.get(number - 1))
                .mapToObj(first -> {
                    int last = numbers.nextClearBit(first) - 1;
                    return last == first ? Integer.toString(first) : first + "-" + last;
                })
                .collect(Collectors.joining(","));
    }
}
