package io.culvert.agent.http.route;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;

/** Writes a JSON document piece by piece. Runs once, on a worker. */
@FunctionalInterface
public interface JsonBody {
    void write(JsonGenerator json) throws IOException;
}
