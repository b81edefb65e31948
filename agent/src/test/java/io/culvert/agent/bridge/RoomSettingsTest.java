package io.culvert.agent.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import io.culvert.agent.config.AgentSettings;
import io.culvert.agent.config.SettingFlag;
import io.culvert.agent.config.SettingsReader;
import io.culvert.agent.http.HttpApiSettings;
import io.culvert.agent.life.DataDirectory;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RoomSettingsTest {
    @TempDir
    Path folder = Path.of("unset");

    private HttpApiSettings api(SettingFlag... flags) throws IOException {
        SettingsReader.Result read = SettingsReader.read(Optional.empty(), List.of(flags), "db-1");
        AgentSettings settings = read.settings()
                .orElseThrow(() -> new AssertionError(read.problems().toString()));
        try (DataDirectory data = DataDirectory.open(folder.resolve("data"))) {
            return new RoomSettings(settings, data).api(7);
        }
    }

    private SettingFlag dataDir() {
        return SettingFlag.of("--data-dir", "data_dir", folder.resolve("data").toString());
    }

    @Test
    void the_api_is_on_loopback_and_on_a_socket_in_the_data_directory() throws IOException {
        HttpApiSettings api = api(dataDir());

        assertThat(api.address()).contains(new InetSocketAddress("127.0.0.1", 8500));
        assertThat(api.socket()).contains(folder.resolve("data/run/culvert.sock"));
    }

    @Test
    void either_can_be_turned_off() throws IOException {
        assertThat(api(dataDir(), SettingFlag.of("--x", "ports.http", -1)).address())
                .isEmpty();
        assertThat(api(dataDir(), SettingFlag.of("--x", "api.socket", "off")).socket())
                .isEmpty();
    }

    @Test
    void in_dev_mode_there_is_no_socket_unless_one_is_named() throws IOException {
        SettingFlag dev = SettingFlag.of("--dev", "dev", true);

        assertThat(api(dev).socket()).isEmpty();
        assertThat(api(dev, SettingFlag.of("--x", "api.socket", "/run/a.sock")).socket())
                .contains(Path.of("/run/a.sock"));
    }
}
