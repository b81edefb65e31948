package io.culvert.agent.local.disk;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.culvert.agent.local.LocalStore;
import io.culvert.agent.local.Registrations;
import io.culvert.agent.local.Registrations.FirstSeen;
import io.culvert.agent.local.ServiceRegistration;
import io.culvert.agent.local.json.InputRefused;
import io.culvert.agent.local.json.JsonInput;
import io.culvert.agent.local.json.JsonObject;
import io.culvert.agent.local.json.RegistrationReader;
import io.culvert.agent.local.json.RegistrationWriter;
import io.culvert.health.CheckDefinition;
import io.culvert.health.RestoredStatus;
import io.culvert.identity.disk.SecretFiles;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One file per registration, named by the SHA-256 of its id: {@code services/}, {@code checks/}; beside them {@code
 * maintenance.json}, {@code first_registered.json} and {@code check_results.json}. All JSON, readable for people.
 */
public final class DiskStore implements LocalStore {
    private static final Logger log = LoggerFactory.getLogger(DiskStore.class);
    private static final JsonFactory JSON = new JsonFactory();
    private static final HexFormat HEX = HexFormat.of();

    /** All results of 16,384 checks with 4 KiB of output each; a larger file is not ours. */
    private static final long LARGEST_FILE = 128L << 20;

    private final Path services;
    private final Path checks;
    private final Path results;
    private final Path maintenance;
    private final Path firstRegistered;
    private final RegistrationReader reader;

    /**
     * @param directory the agent's data directory
     * @param scriptsAllowed whether script checks that were registered through the API may still run
     */
    public DiskStore(Path directory, boolean scriptsAllowed) {
        services = directory.resolve("services");
        checks = directory.resolve("checks");
        results = directory.resolve("check_results.json");
        maintenance = directory.resolve("maintenance.json");
        firstRegistered = directory.resolve("first_registered.json");
        reader = new RegistrationReader(scriptsAllowed);
    }

    @Override
    public Stored load() throws IOException {
        Map<String, ServiceRegistration> loadedServices = new TreeMap<>();
        each(services, json -> {
            ServiceRegistration service = reader.service(json);
            loadedServices.put(service.id(), service);
        });
        Map<String, CheckDefinition> loadedChecks = new TreeMap<>();
        each(checks, json -> {
            CheckDefinition check = reader.check(json);
            loadedChecks.put(check.id(), check);
        });
        Map<String, RestoredStatus> loadedResults = new TreeMap<>();
        one(results, json -> ResultsFile.read(json, loadedResults));
        Map<String, String> inMaintenance = new TreeMap<>();
        one(maintenance, json -> {
            inMaintenance.putAll(json.textMap("Checks"));
            json.finish();
        });
        Map<String, FirstSeen> firstSeen = new TreeMap<>();
        one(firstRegistered, json -> readFirstSeen(json, firstSeen));
        Registrations registrations =
                new Registrations(Map.of(), Map.of(), loadedServices, loadedChecks, Set.of(), inMaintenance, firstSeen);
        return new Stored(registrations, loadedResults);
    }

    @Override
    public void save(Registrations before, Registrations after) throws IOException {
        saveEach(services, before.apiServices(), after.apiServices(), RegistrationWriter::service);
        saveEach(checks, before.apiChecks(), after.apiChecks(), RegistrationWriter::check);
        if (!before.maintenance().equals(after.maintenance())) {
            write(maintenance, json -> writeMaintenance(json, after.maintenance()));
        }
        if (!before.firstSeen().equals(after.firstSeen())) {
            write(firstRegistered, json -> writeFirstSeen(json, after.firstSeen()));
        }
    }

    @Override
    public void saveResults(Map<String, RestoredStatus> kept) throws IOException {
        write(results, json -> ResultsFile.write(json, kept));
    }

    private static void readFirstSeen(JsonObject json, Map<String, FirstSeen> loaded) throws InputRefused {
        for (Map.Entry<String, JsonObject> entry : json.objectMap("Services").entrySet()) {
            JsonObject seen = entry.getValue();
            loaded.put(
                    entry.getKey(),
                    new FirstSeen(seen.text("Name"), seen.number("Seconds").orElse(0)));
            seen.finish();
        }
        json.finish();
    }

    private static void writeMaintenance(JsonGenerator json, Map<String, String> reasons) throws IOException {
        json.writeStartObject();
        json.writeObjectFieldStart("Checks");
        for (Map.Entry<String, String> reason : reasons.entrySet()) {
            json.writeStringField(reason.getKey(), reason.getValue());
        }
        json.writeEndObject();
        json.writeEndObject();
    }

    private static void writeFirstSeen(JsonGenerator json, Map<String, FirstSeen> all) throws IOException {
        json.writeStartObject();
        json.writeObjectFieldStart("Services");
        for (Map.Entry<String, FirstSeen> seen : all.entrySet()) {
            json.writeObjectFieldStart(seen.getKey());
            json.writeStringField("Name", seen.getValue().name());
            json.writeNumberField("Seconds", seen.getValue().seconds());
            json.writeEndObject();
        }
        json.writeEndObject();
        json.writeEndObject();
    }

    private interface Reading {
        void read(JsonObject json) throws InputRefused;
    }

    private interface Writing {
        void write(JsonGenerator json) throws IOException;
    }

    private interface Entry<V> {
        void write(JsonGenerator json, V value) throws IOException;
    }

    /** New and changed ones first, so that a failure half-way loses nothing that was there. */
    private static <V> void saveEach(Path directory, Map<String, V> before, Map<String, V> after, Entry<V> entry)
            throws IOException {
        for (Map.Entry<String, V> one : after.entrySet()) {
            if (!one.getValue().equals(before.get(one.getKey()))) {
                write(directory.resolve(name(one.getKey())), json -> entry.write(json, one.getValue()));
            }
        }
        for (String id : before.keySet()) {
            if (!after.containsKey(id)) {
                SecretFiles.delete(directory.resolve(name(id)));
            }
        }
    }

    private static void write(Path file, Writing content) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator json = JSON.createGenerator(bytes, JsonEncoding.UTF8)) {
            json.useDefaultPrettyPrinter();
            content.write(json);
        }
        SecretFiles.write(file, bytes.toByteArray());
    }

    private static void each(Path directory, Reading reading) throws IOException {
        if (!Files.isDirectory(directory)) {
            return; // nothing was ever registered
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*.json")) {
            for (Path file : files) {
                one(file, reading);
            }
        }
    }

    private static void one(Path file, Reading reading) throws IOException {
        if (!Files.isRegularFile(file)) {
            return;
        }
        try {
            if (Files.size(file) > LARGEST_FILE) {
                throw InputRefused.invalid("larger than " + LARGEST_FILE + " bytes");
            }
            reading.read(JsonInput.object(Files.readAllBytes(file)));
        } catch (InputRefused | IllegalArgumentException e) {
            Path aside = SecretFiles.setAside(file);
            log.atError()
                    .addKeyValue("file", file)
                    .addKeyValue("reason", e.getMessage())
                    .addKeyValue("kept", aside)
                    .log("stored registration set aside, register it again");
        }
    }

    private static String name(String id) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(id.getBytes(StandardCharsets.UTF_8));
            return HEX.formatHex(hash) + ".json";
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }
}
