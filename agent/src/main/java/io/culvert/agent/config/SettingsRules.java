package io.culvert.agent.config;

import io.culvert.catalog.IpAddress;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** Refuses what is dangerous, and settings that contradict each other. */
final class SettingsRules {
    private final SettingValues values;
    private final AgentSettings settings;

    private SettingsRules(SettingValues values, AgentSettings settings) {
        this.values = values;
        this.settings = settings;
    }

    static void check(SettingValues values, Optional<AgentSettings> settings) {
        settings.ifPresent(known -> new SettingsRules(values, known).check());
    }

    private void check() {
        devStandsAlone();
        addressesFit();
        apiStaysOnThisHost();
        portsDiffer();
        directoriesDiffer();
        domainsDiffer();
        TimingRules.check(values, settings.gossip().timing());
    }

    private void devStandsAlone() {
        if (!settings.node().dev()) {
            return;
        }
        for (String path : new String[] {"server", "join", "data_dir", "gossip.retry_join"}) {
            boolean said = values.given(path)
                    && !(path.equals("server") && !settings.node().server());
            if (said) {
                values.refuse(
                        path,
                        "contradicts 'dev', which is a complete mesh of one in memory (expected: only one of them)");
            }
        }
    }

    private void addressesFit() {
        IpAddress bind = settings.node().bind();
        settings.node().advertise().ifPresent(advertised -> {
            if (advertised.isUnspecified()) {
                values.refuse(
                        "advertise_addr", "found " + advertised + ", expected an address that others can connect to");
            } else if (advertised.isLoopback() != bind.isLoopback() && !bind.isUnspecified()) {
                values.refuse(
                        "advertise_addr",
                        "found " + advertised + ", but 'bind_addr' is " + bind
                                + ": others could not connect (expected: both on the same network)");
            } else if (advertised.isLoopback() && bind.isUnspecified()) {
                values.refuse("advertise_addr", "found " + advertised + ", which leads other hosts to themselves");
            }
        });
    }

    private void apiStaysOnThisHost() {
        IpAddress bind = settings.api().bind();
        if (!bind.isLoopback()) {
            values.refuse(
                    "api.bind",
                    "found " + bind + ", expected a loopback address: the API has neither TLS nor a login"
                            + " (from elsewhere: ssh -L, or a proxy that authenticates)");
        }
        if (settings.ports().http().isEmpty() && settings.api().socket().isEmpty()) {
            values.refuse(
                    "ports.http", "the API is off here and 'api.socket' is off too, so nobody could talk to the agent");
        }
    }

    private void portsDiffer() {
        Map<Integer, String> taken = new HashMap<>();
        take("ports.http", settings.ports().http(), taken);
        take("ports.dns", settings.ports().dns(), taken);
        take("ports.gossip", OptionalInt.of(settings.ports().gossip()), taken);
        take("ports.tls", OptionalInt.of(settings.ports().tls()), taken);
        if (settings.dns().port53() && settings.ports().dns().isEmpty()) {
            values.refuse("dns.port53", "contradicts 'ports.dns = -1', which turns DNS off");
        }
    }

    private void take(String path, OptionalInt port, Map<Integer, String> taken) {
        if (port.isEmpty() || port.getAsInt() == 0) {
            return;
        }
        String other = taken.putIfAbsent(port.getAsInt(), path);
        if (other != null) {
            // Said where it can be changed: a default has no line.
            boolean mine = values.given(path);
            values.refuse(
                    mine ? path : other,
                    "found " + port.getAsInt() + ", which is '" + (mine ? other : path) + "' as well");
        }
    }

    private void directoriesDiffer() {
        settings.node().dataDir().ifPresent(dataDir -> {
            Path data = dataDir.toAbsolutePath().normalize();
            for (Path directory : settings.node().configDirs()) {
                if (directory.toAbsolutePath().normalize().startsWith(data)) {
                    values.refuse(
                            "config_dirs",
                            "'" + directory + "' lies in 'data_dir' (expected: another place, the agent writes there)");
                }
            }
        });
    }

    private void domainsDiffer() {
        if (settings.dns().domain().equals(settings.dns().altDomain())) {
            values.refuse(
                    values.given("dns.alt_domain") ? "dns.alt_domain" : "dns.domain",
                    "'dns.domain' and 'dns.alt_domain' are the same");
        }
        if (settings.dns().domain().equals("localhost")
                || settings.dns().altDomain().equals("localhost")) {
            values.refuse(
                    settings.dns().domain().equals("localhost") ? "dns.domain" : "dns.alt_domain",
                    "'localhost' belongs to the host itself (expected: such as mesh)");
        }
    }
}
