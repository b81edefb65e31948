package io.culvert.agent.join;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.culvert.agent.rpc.RpcJson;
import io.culvert.agent.rpc.RpcJson.MalformedMessage;

/** What a host that has shown nothing yet may send. */
class JoinMessagesFuzzTest {
    @FuzzTest
    void any_bytes_are_a_request_to_join_or_refused(byte[] bytes) {
        check(bytes, JoinMessages.JoinRequest.class);
    }

    @FuzzTest
    void any_bytes_are_a_request_to_renew_or_refused(byte[] bytes) {
        check(bytes, JoinMessages.RenewRequest.class);
    }

    private static void check(byte[] bytes, Class<?> type) {
        try {
            assertThat(RpcJson.write(RpcJson.read(bytes, type))).isNotEmpty();
        } catch (MalformedMessage refused) {
            assertThat(refused.getMessage()).startsWith(type.getSimpleName() + ": ");
        }
    }
}
