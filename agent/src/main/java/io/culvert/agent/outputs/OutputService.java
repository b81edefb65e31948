package io.culvert.agent.outputs;

import io.culvert.agent.outputs.OutputMessages.Outputs;
import io.culvert.agent.outputs.OutputMessages.Wanted;
import io.culvert.agent.rpc.RpcFailure;
import io.culvert.agent.rpc.RpcMethods;
import io.culvert.agent.rpc.wire.RpcError;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** Tells other agents what this host's checks said. */
public final class OutputService {
    private static final String CUT = "… (cut; the whole is on its host)";

    private OutputService() {}

    /** Adds {@code checks.output}. @param outputOf the last output of a check of this host; empty when there is none */
    public static void register(Function<String, String> outputOf, RpcMethods members) {
        members.register(
                OutputMessages.OUTPUT,
                Wanted.class,
                (wanted, peer) -> CompletableFuture.completedFuture(answer(wanted, outputOf)));
    }

    private static Outputs answer(Wanted wanted, Function<String, String> outputOf) throws RpcFailure {
        if (wanted.checks().size() > OutputMessages.MOST_CHECKS) {
            throw new RpcFailure(
                    RpcError.BAD_REQUEST,
                    wanted.checks().size() + " checks (expected: at most " + OutputMessages.MOST_CHECKS + ")");
        }
        Map<String, String> outputs = new LinkedHashMap<>();
        int room = OutputMessages.LONGEST_ANSWER;
        for (String check : wanted.checks()) {
            String output = cut(outputOf.apply(check));
            room -= output.length();
            if (room < 0) {
                break;
            }
            outputs.put(check, output);
        }
        return new Outputs(outputs);
    }

    private static String cut(String output) {
        return output.length() <= OutputMessages.LONGEST_OUTPUT
                ? output
                : output.substring(0, OutputMessages.LONGEST_OUTPUT) + CUT;
    }
}
