package io.culvert.testbed.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MemberWatchTest {
    private static final String ANSWERS = """
            [{"ID":"01","Name":"a","State":"alive","Reason":"joined"},{"ID":"02","Name":"b","State":"alive","Reason":"joined"}]

            [{"ID":"01","Name":"a","State":"alive","Reason":"joined"},{"ID":"02","Name":"b","State":"failed","Reason":"no answer to 01"}]
            [{"ID":"01","Name":"a","State":"alive","Reason":"joined"},{"ID":"02","Name":"b","Sta""";

    @Test
    void everyStateOfAMemberIsSeen() {
        assertThat(MemberWatch.statesOf("02", ANSWERS)).containsExactly("alive", "failed");
    }

    @Test
    void aMemberNamedAsTheReasonForAnotherIsNotTakenForIt() {
        assertThat(MemberWatch.statesOf("01", ANSWERS)).containsExactly("alive");
    }

    @Test
    void anUnknownMemberHasNoStates() {
        assertThat(MemberWatch.statesOf("03", ANSWERS)).isEmpty();
    }
}
