package io.culvert.testbed.bench.peers;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A {@link PoolMember} in a process of its own. */
final class CulvertContestant extends Contestant {
    private final OutputStream commands;

    CulvertContestant(String name, String address, List<String> java, String dataDirectory, String poolKey)
            throws IOException {
        super(name, address, command(name, address, java, dataDirectory, poolKey));
        commands = process().getOutputStream();
    }

    private static List<String> command(
            String name, String address, List<String> java, String dataDirectory, String poolKey) {
        List<String> command = new ArrayList<>(java);
        command.addAll(List.of(PoolMember.class.getName(), name, address, dataDirectory, poolKey));
        return command;
    }

    @Override
    @Nullable
    String event(String line) {
        return line;
    }

    @Override
    void join(String other) throws IOException {
        say("join " + other);
    }

    @Override
    void change(String mark) throws IOException {
        say("change " + mark);
    }

    private void say(String line) throws IOException {
        commands.write((line + "\n").getBytes(StandardCharsets.UTF_8));
        commands.flush();
    }
}
