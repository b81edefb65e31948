package io.culvert.agent.local.json;

import io.culvert.agent.local.ServiceRegistration;
import io.culvert.health.CheckDefinition;
import io.culvert.health.CheckKind;
import java.util.List;

/** Reads the bodies of registrations; whole or not at all. Pure, any thread. */
public final class RegistrationReader {
    private static final String SCRIPTS_OFF = "Scripts are disabled on this agent from remote calls; to enable, "
            + "configure 'enable_script_checks' to true";

    private final boolean scriptsAllowed;

    /** @param scriptsAllowed whether a script check may be registered in this way */
    public RegistrationReader(boolean scriptsAllowed) {
        this.scriptsAllowed = scriptsAllowed;
    }

    /** Body of {@code agent/service/register}. */
    public ServiceRegistration service(byte[] document) throws InputRefused {
        return service(JsonInput.object(document));
    }

    /** Body of {@code agent/check/register}; the check's own id is its name when no id is given. */
    public CheckDefinition check(byte[] document) throws InputRefused {
        return check(JsonInput.object(document));
    }

    public ServiceRegistration service(JsonObject body) throws InputRefused {
        ServiceRegistration service = ServiceReader.read(body);
        checkScripts(service.checks());
        return service;
    }

    public CheckDefinition check(JsonObject body) throws InputRefused {
        if (!body.has("Name")) {
            throw InputRefused.invalid("Missing check name");
        }
        CheckDefinition check = CheckReader.read(body, "", "", "");
        checkScripts(List.of(check));
        return check;
    }

    private void checkScripts(List<CheckDefinition> checks) throws InputRefused {
        for (CheckDefinition check : checks) {
            if (!scriptsAllowed && check.kind() instanceof CheckKind.Script) {
                throw InputRefused.invalid(SCRIPTS_OFF);
            }
        }
    }
}
