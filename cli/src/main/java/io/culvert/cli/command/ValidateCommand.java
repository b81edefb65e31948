package io.culvert.cli.command;

import io.culvert.agent.Validation;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code culvert validate DIR...} */
@Command(
        name = "validate",
        description =
                "Read service files and settings as the agent would, and print every problem of every file with its place.",
        footer = "Exit code: 0 valid, 1 not.")
public final class ValidateCommand implements Callable<Integer> {
    @Parameters(
            arity = "1..*",
            paramLabel = "PATH",
            description = "Directories of service files, service files, or culvert.conf.")
    private List<Path> paths = new ArrayList<>();

    @Override
    public Integer call() {
        Validation.Result result = Validation.of(paths);
        result.problems().forEach(System.err::println);
        if (!result.valid()) {
            System.err.println("Not valid: nothing of this would be applied where it is broken.");
            return CommandFailure.FAILED;
        }
        System.out.println("Valid: " + result.services() + " services in " + result.files() + " files.");
        return 0;
    }
}
