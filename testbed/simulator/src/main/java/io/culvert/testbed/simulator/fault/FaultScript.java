package io.culvert.testbed.simulator.fault;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/**
 * All that befalls a pool, in order of time. As text: one fault a line, or several on one with {@code ;} between; empty
 * lines and what follows {@code #} do not count.
 */
public record FaultScript(List<Fault> faults) {
    public FaultScript {
        faults = faults.stream().sorted(Comparator.comparing(Fault::at)).toList();
    }

    public static FaultScript of(Fault... faults) {
        return new FaultScript(List.of(faults));
    }

    /** @throws IllegalArgumentException that names the line, what is wrong there, and what would be right */
    public static FaultScript parse(String text) {
        List<Fault> faults = new ArrayList<>();
        int number = 0;
        for (String line : text.split("\n|;", -1)) {
            number++;
            String content = line.replaceFirst("#.*", "").strip();
            if (content.isEmpty()) {
                continue;
            }
            try {
                faults.add(FaultText.parse(content));
            } catch (IllegalArgumentException wrong) {
                throw new IllegalArgumentException("entry " + number + " of the script: " + wrong.getMessage(), wrong);
            }
        }
        return new FaultScript(faults);
    }

    /** Sets everything going: each fault begins and ends at its time from now on. */
    public void play(Stage stage) {
        for (Fault fault : faults) {
            stage.after(fault.at(), () -> fault.begin(stage));
            if (!fault.length().isZero()) {
                stage.after(fault.at().plus(fault.length()), () -> fault.end(stage));
            }
        }
    }

    /** When the last of them is over. */
    public Duration length() {
        return faults.stream()
                .map(fault -> fault.at().plus(fault.length()))
                .max(Comparator.naturalOrder())
                .orElse(Duration.ZERO);
    }

    public FaultScript without(int first, int count) {
        List<Fault> rest = new ArrayList<>(faults.subList(0, first));
        rest.addAll(faults.subList(first + count, faults.size()));
        return new FaultScript(rest);
    }

    /** Another length for the fault at {@code index}. */
    public FaultScript shortened(int index, Duration length) {
        List<Fault> changed = new ArrayList<>(faults);
        changed.set(index, FaultText.withLength(changed.get(index), length));
        return new FaultScript(changed);
    }

    /** On one line, for a shell. */
    public String inline() {
        return faults.stream().map(FaultText::print).collect(Collectors.joining("; "));
    }

    @Override
    public String toString() {
        return faults.stream().map(FaultText::print).collect(Collectors.joining("\n"));
    }
}
