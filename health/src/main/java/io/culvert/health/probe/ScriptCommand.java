package io.culvert.health.probe;

import io.culvert.health.CheckKind;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** How a script is called: no shell, in a session and process group of its own, as the user it names. */
final class ScriptCommand {
    private static final String SEARCH_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
    private static final File NOWHERE = new File("/dev/null");
    private static final long LOOKUP_SECONDS = 10;

    private ScriptCommand() {}

    /** A user of this host. */
    record User(String name, String uid, String gid, String home) {
        /** Reads a line of {@code getent passwd}: name, password, uid, gid, comment, home, shell. */
        static Optional<User> parse(String line) {
            String[] fields = line.strip().split(":", -1);
            return fields.length == 7
                    ? Optional.of(new User(fields[0], fields[2], fields[3], fields[5]))
                    : Optional.empty();
        }
    }

    /**
     * @param fallbackDirectory where a script runs that names no directory
     * @throws IOException when the user does not exist; the message is for the check's output
     */
    static ProcessBuilder prepare(CheckKind.Script script, Path fallbackDirectory, File output)
            throws IOException, InterruptedException {
        Optional<User> user = script.user().isEmpty() ? Optional.empty() : Optional.of(lookUp(script.user()));
        ProcessBuilder process = new ProcessBuilder(commandLine(script, user));
        setEnvironment(process.environment(), script, user);
        process.directory(
                script.workingDirectory().isEmpty() ? fallbackDirectory.toFile() : new File(script.workingDirectory()));
        process.redirectInput(NOWHERE);
        process.redirectErrorStream(true);
        process.redirectOutput(output);
        return process;
    }

    /** setsid and setpriv replace themselves by what they call, so that the first process is the script itself. */
    private static List<String> commandLine(CheckKind.Script script, Optional<User> user) {
        List<String> command = new ArrayList<>(List.of("setsid"));
        user.ifPresent(as -> command.addAll(
                List.of("setpriv", "--reuid=" + as.uid(), "--regid=" + as.gid(), "--init-groups", "--")));
        command.addAll(script.args());
        return command;
    }

    private static void setEnvironment(Map<String, String> environment, CheckKind.Script script, Optional<User> user) {
        String home = environment.getOrDefault("HOME", "/");
        environment.clear();
        environment.put("PATH", SEARCH_PATH);
        environment.put("LANG", "C.UTF-8");
        environment.put("HOME", user.map(User::home).orElse(home));
        user.ifPresent(as -> environment.put("USER", as.name()));
        environment.putAll(script.environment());
    }

    /** Asks getent, which also knows users that are in no file. */
    private static User lookUp(String name) throws IOException, InterruptedException {
        Process getent = new ProcessBuilder("getent", "passwd", "--", name)
                .redirectInput(NOWHERE)
                .redirectError(NOWHERE)
                .start();
        if (!getent.waitFor(LOOKUP_SECONDS, TimeUnit.SECONDS)) {
            getent.destroyForcibly();
            throw new IOException(
                    "user '" + name + "': no answer from the user database within " + LOOKUP_SECONDS + "s");
        }
        String line = new String(getent.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return User.parse(line)
                .orElseThrow(() -> new IOException(
                        "user '" + name + "' does not exist on this host (expected: the name of a user)"));
    }
}
