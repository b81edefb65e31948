package io.culvert.health.probe;

import java.io.File;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ends a script with everything it started. */
final class ProcessGroup {
    private static final Logger log = LoggerFactory.getLogger(ProcessGroup.class);
    private static final File NOWHERE = new File("/dev/null");

    /** A process in uninterruptible sleep does not even die of SIGKILL; nobody waits longer than this for it. */
    private static final long KILL_WAIT_SECONDS = 5;

    private ProcessGroup() {}

    /** Kills the group that {@code leader} leads, and waits for the leader. Blocks for some milliseconds as a rule. */
    static void kill(Process leader) throws InterruptedException {
        signalGroup(leader.pid());
        // Covers the moment between the birth of the process and that of its group.
        leader.destroyForcibly();
        if (!leader.waitFor(KILL_WAIT_SECONDS, TimeUnit.SECONDS)) {
            log.atWarn().addKeyValue("pid", leader.pid()).log("script survives SIGKILL; left behind");
        }
    }

    /** The JDK can signal a process, not a group; the shell's built-in {@code kill} can. */
    private static void signalGroup(long group) throws InterruptedException {
        try {
            Process kill = new ProcessBuilder("/bin/sh", "-c", "kill -s KILL -- \"-$1\"", "kill", Long.toString(group))
                    .redirectInput(NOWHERE)
                    .redirectOutput(NOWHERE)
                    .redirectError(NOWHERE)
                    .start();
            if (!kill.waitFor(KILL_WAIT_SECONDS, TimeUnit.SECONDS)) {
                kill.destroyForcibly();
            }
        } catch (IOException e) {
            log.atWarn().addKeyValue("group", group).setCause(e).log("cannot signal the script's process group");
        }
    }
}
