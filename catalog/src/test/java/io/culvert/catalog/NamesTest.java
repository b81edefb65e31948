package io.culvert.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NamesTest {
    @Test
    void names_compare_without_case_and_keep_their_spelling() {
        assertThat(new ServiceName("Web")).isEqualTo(new ServiceName("wEB")).hasToString("Web");
        assertThat(new ServiceName("Web").hashCode()).isEqualTo(new ServiceName("wEB").hashCode());
        assertThat(new NodeName("DB-1")).isEqualTo(new NodeName("db-1"));
    }

    @Test
    void a_name_unfit_for_dns_is_stored_and_says_so() {
        assertThat(new ServiceName("my_service.v1").isDnsLabel()).isFalse();
        assertThat(new ServiceName("web-1").isDnsLabel()).isTrue();
        assertThat(new ServiceName("a".repeat(64)).isDnsLabel()).isFalse();
        assertThat(new ServiceName("-web").isDnsLabel()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a/b", "a\nb", "a\u007fb"})
    void a_name_that_would_break_paths_or_logs_is_refused(String text) {
        assertThatThrownBy(() -> new ServiceName(text)).hasMessageContaining("expected");
    }

    @Test
    void a_node_id_has_a_binary_a_text_and_a_uuid_form() {
        NodeId id = NodeId.parse("00112233445566778899aabbccddeeff");
        assertThat(NodeId.of(id.bytes())).isEqualTo(id);
        assertThat(NodeId.parse(id.toUuid())).isEqualTo(id);
        assertThat(id.toUuid()).isEqualTo("00112233-4455-6677-8899-aabbccddeeff");
        assertThatThrownBy(() -> NodeId.parse("0011")).hasMessageContaining("32 hexadecimal digits");
        assertThatThrownBy(() -> NodeId.of(new byte[15])).hasMessageContaining("15 bytes");
    }

    @Test
    void endpoints_outside_what_the_kernel_takes_are_refused() {
        assertThatThrownBy(() -> new UnixEndpoint("relative.sock")).hasMessageContaining("absolute");
        assertThatThrownBy(() -> new UnixEndpoint("/" + "x".repeat(107))).hasMessageContaining("107 bytes");
        assertThatThrownBy(() -> new TcpEndpoint("localhost", 0)).hasMessageContaining("1 to 65535");
        assertThat(new TcpEndpoint("::1", 80)).hasToString("[::1]:80");
    }
}
