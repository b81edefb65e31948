package io.culvert.testbed.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import io.culvert.testbed.hosts.CulvertAgent;
import io.culvert.testbed.hosts.Spawned;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Asks an agent for its members again and again and writes down every answer. */
final class MemberWatch implements AutoCloseable {
    private static final Pattern STATE = Pattern.compile("\"State\"\\s*:\\s*\"([a-z]+)\"");

    private final Spawned poll;

    private MemberWatch(Spawned poll) {
        this.poll = poll;
    }

    static MemberWatch on(CulvertAgent observer) {
        return new MemberWatch(
                observer.host()
                        .spawn(
                                "members",
                                "bash",
                                "-c",
                                "while :; do curl -s --max-time 2 http://127.0.0.1:8500/v1/culvert/members; echo; sleep 0.1; done"));
    }

    /** Every state in which the member with this id was seen so far. */
    Set<String> statesOf(String id) {
        return statesOf(id, poll.log());
    }

    /** The same, in answers that may follow each other without order and be cut off in the middle. */
    static Set<String> statesOf(String id, String answers) {
        Set<String> states = new TreeSet<>();
        // By its key: the reason given for one member may name another.
        Matcher member = Pattern.compile("\\{[^{}]*\"ID\"\\s*:\\s*\"" + Pattern.quote(id) + "\"[^{}]*\\}")
                .matcher(answers);
        while (member.find()) {
            Matcher found = STATE.matcher(member.group());
            assertThat(found.find()).as("a state in " + member.group()).isTrue();
            states.add(found.group(1));
        }
        return states;
    }

    @Override
    public void close() {
        poll.close();
    }
}
