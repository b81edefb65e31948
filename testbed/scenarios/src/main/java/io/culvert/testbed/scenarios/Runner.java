package io.culvert.testbed.scenarios;

import io.culvert.testbed.hosts.Testbed;
import java.util.List;
import java.util.ServiceLoader;

/** {@code ./testbed/run NAME...}: plays scenarios for a person. */
public final class Runner {
    private Runner() {}

    /** Every scenario there is, by name. */
    public static List<Scenario> all() {
        return ServiceLoader.load(Scenario.class).stream()
                .map(ServiceLoader.Provider::get)
                .sorted(java.util.Comparator.comparing(Scenario::name))
                .toList();
    }

    public static void main(String[] names) throws Exception {
        List<Scenario> chosen = all().stream()
                .filter(scenario -> List.of(names).contains(scenario.name()))
                .toList();
        if (chosen.isEmpty() || chosen.size() < names.length) {
            System.err.println("Scenarios: "
                    + String.join(", ", all().stream().map(Scenario::name).toList()));
            System.exit(2);
        }
        for (Scenario scenario : chosen) {
            play(scenario);
        }
        System.out.println(chosen.size() + " passed, 0 failed");
    }

    /** Plays one scenario on fresh hosts; a failure carries the logs of every process. */
    public static void play(Scenario scenario) throws Exception {
        System.out.println("== " + scenario.name());
        try (Testbed testbed = Testbed.open()) {
            try {
                scenario.play(testbed, new Story());
            } catch (AssertionError | Exception e) {
                throw new AssertionError(scenario.name() + ": " + e.getMessage() + testbed.logs(), e);
            }
        }
    }
}
