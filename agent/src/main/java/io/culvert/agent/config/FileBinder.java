package io.culvert.agent.config;

import io.culvert.agent.config.syntax.ConfigSyntax;
import io.culvert.agent.config.syntax.Dialect;
import io.culvert.agent.config.syntax.ParsedFile;
import io.culvert.agent.config.syntax.Position;
import io.culvert.agent.config.syntax.Value;
import io.culvert.health.CheckDefinition;
import io.culvert.identity.Intention;
import java.util.ArrayList;
import java.util.List;

/** Turns the text of a service file into definitions. Pure; whatever is wrong becomes a problem. */
public final class FileBinder {
    private FileBinder() {}

    /** Reads a file; with errors among the problems the result is incomplete and must not be used. */
    public static ServiceFile read(String file, byte[] content, BindRules rules, Problems problems) {
        Dialect dialect = file.endsWith(".json") ? Dialect.JSON : Dialect.HCL;
        ParsedFile parsed = ConfigSyntax.parse(file, content, dialect);
        problems.addAll(parsed.problems());
        return bind(file, parsed.root(), rules, problems);
    }

    /** Binds a tree that was read; {@code file} names the whole in messages. */
    public static ServiceFile bind(String file, Value.Table root, BindRules rules, Problems problems) {
        Binding binding = new Binding(rules, problems);
        Fields fields = Fields.read(Schemas.FILE, root, Position.of(file), "the file", problems);
        List<ServiceDefinition> services = new ArrayList<>();
        ServiceBinder serviceBinder = new ServiceBinder(binding);
        for (Fields.Block block : both(fields, "services", "service")) {
            serviceBinder.bind(block).ifPresent(services::add);
        }
        List<CheckDefinition> checks = new ArrayList<>();
        CheckBinder checkBinder = new CheckBinder(binding);
        for (Fields.Block block : both(fields, "checks", "check")) {
            checkBinder.bindAtTop(block).ifPresent(checks::add);
        }
        List<Intention> intentions = new ArrayList<>();
        IntentionBinder intentionBinder = new IntentionBinder(binding);
        for (Fields.Block block : both(fields, "intentions", "intention")) {
            intentionBinder.bind(block).ifPresent(intentions::add);
        }
        return new ServiceFile(services, checks, intentions, binding.claims(), binding.references());
    }

    /** The list comes first, then single blocks, as in Consul: this decides automatic check ids. */
    static List<Fields.Block> both(Fields fields, String list, String single) {
        List<Fields.Block> blocks = new ArrayList<>(fields.blocks(list));
        blocks.addAll(fields.blocks(single));
        return blocks;
    }
}
