package io.culvert.testbed.hosts;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Runs a main class of the testbed in a JVM of its own on a host: only so does it have that host's network. */
public final class JavaProgram {
    private JavaProgram() {}

    /** Starts it and lets it go on. */
    public static Spawned spawn(Host host, String name, Class<?> main, String... arguments) {
        return host.spawn(name, Map.of(), words(main, arguments));
    }

    private static String[] words(Class<?> main, String... arguments) {
        List<String> words = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
        words.addAll(List.of(arguments));
        return words.toArray(String[]::new);
    }
}
