package io.culvert.cli.command;

import io.culvert.agent.Version;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code culvert version} */
@Command(name = "version", description = "Print the version of Culvert and of Java.")
public final class VersionCommand implements Callable<Integer> {
    @Override
    public Integer call() {
        System.out.println("Culvert " + Version.CURRENT);
        System.out.println(
                "Java " + System.getProperty("java.runtime.version") + " (" + System.getProperty("java.vendor") + ")");
        return 0;
    }
}
