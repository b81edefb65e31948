package io.culvert.agent.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import io.culvert.agent.http.StatusReport.Listener;
import io.culvert.gossip.HostPort;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class OwnListenersTest {
    @Test
    void an_open_socket_on_an_address_of_this_host_listens() {
        assertThat(OwnListeners.of("tls", Optional.of(new HostPort("127.0.0.1", 8443))))
                .isEqualTo(Listener.listening("tls", "127.0.0.1:8443"));
        assertThat(OwnListeners.of("tls", Optional.of(new HostPort("0.0.0.0", 8443))))
                .isEqualTo(Listener.listening("tls", "0.0.0.0:8443"));
        assertThat(OwnListeners.of("gossip", Optional.of(new HostPort("::1", 8301))))
                .isEqualTo(Listener.listening("gossip", "[::1]:8301"));
    }

    @Test
    void a_closed_socket_has_failed_and_the_remedy_is_named() {
        Listener closed = OwnListeners.of("gossip", Optional.empty());

        assertThat(closed.state()).isEqualTo("failed");
        assertThat(closed.reason()).isEqualTo("its socket is closed");
        assertThat(closed.remedy()).startsWith("restart the agent");
    }

    @Test
    void a_socket_on_an_address_that_this_host_has_lost_is_out_of_reach() {
        // RFC 5737: for documentation, so on no host.
        Listener lost = OwnListeners.of("tls", Optional.of(new HostPort("192.0.2.1", 8443)));

        assertThat(lost.state()).isEqualTo("failed");
        assertThat(lost.address()).isEqualTo("192.0.2.1:8443");
        assertThat(lost.reason()).contains("192.0.2.1 is no address of this host any more");
        assertThat(lost.remedy()).contains("bind_addr");
    }
}
