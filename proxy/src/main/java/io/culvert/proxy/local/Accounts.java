package io.culvert.proxy.local;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Names of users and groups to numbers: from {@code /etc/passwd} and {@code /etc/group}, then by {@code getent}, which
 * asks whatever directory the host uses. Blocks; never on an event loop.
 */
public final class Accounts {
    private static final Logger log = LoggerFactory.getLogger(Accounts.class);
    private static final int GETENT_SECONDS = 3;
    private static final int NAME = 0;
    private static final int NUMBER = 2;

    private final Path etc;

    public Accounts() {
        this(Path.of("/etc"));
    }

    Accounts(Path etc) {
        this.etc = etc;
    }

    /** The number of a user, who may be given by number; empty when there is none of that name. */
    public Optional<Integer> uid(String user) {
        return number(user).or(() -> find("passwd", user));
    }

    /** The number of a group, which may be given by number; empty when there is none of that name. */
    public Optional<Integer> gid(String group) {
        return number(group).or(() -> find("group", group));
    }

    private Optional<Integer> find(String database, String name) {
        try {
            for (String line : Files.readAllLines(etc.resolve(database), StandardCharsets.UTF_8)) {
                Optional<Integer> found = match(line, name);
                if (found.isPresent()) {
                    return found;
                }
            }
        } catch (IOException e) {
            log.atWarn().addKeyValue("file", etc.resolve(database)).setCause(e).log("cannot be read");
        }
        return getent(database, name);
    }

    private static Optional<Integer> getent(String database, String name) {
        try {
            Process process = new ProcessBuilder(List.of("getent", database, "--", name))
                    .redirectErrorStream(true)
                    .start();
            process.getOutputStream().close();
            if (!process.waitFor(GETENT_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                log.atWarn().addKeyValue("name", name).log("getent did not answer");
                return Optional.empty();
            }
            String answer = new String(process.getInputStream().readNBytes(4_096), StandardCharsets.UTF_8);
            return process.exitValue() == 0 ? match(answer.strip(), name) : Optional.empty();
        } catch (IOException e) {
            log.atDebug().addKeyValue("name", name).setCause(e).log("getent cannot be run");
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    private static Optional<Integer> match(String line, String name) {
        String[] fields = line.split(":", -1);
        return fields.length > NUMBER && fields[NAME].equals(name) ? number(fields[NUMBER]) : Optional.empty();
    }

    private static Optional<Integer> number(String text) {
        if (text.isEmpty() || text.length() > 10 || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return Optional.empty();
        }
        long value = Long.parseLong(text);
        return value <= 0xffff_fffeL ? Optional.of((int) value) : Optional.empty();
    }
}
