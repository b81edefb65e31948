package io.culvert.agent.http;

import io.culvert.proxy.local.CallerLookup;
import io.culvert.proxy.local.CallerUid;
import java.net.InetSocketAddress;
import java.util.OptionalInt;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks the proxy's look-up, which knows callers by the kernel's tables. Whoever it is not sure of is unknown. */
public final class LookedUpCaller implements CallerId {
    private static final Logger log = LoggerFactory.getLogger(LookedUpCaller.class);

    /** One read of the tables takes milliseconds; beyond this the machine has other troubles. */
    private static final long LONGEST_SECONDS = 5;

    private final CallerLookup lookup;

    public LookedUpCaller(CallerLookup lookup) {
        this.lookup = lookup;
    }

    @Override
    public OptionalInt uid(InetSocketAddress client, InetSocketAddress server) {
        try {
            CallerUid caller = lookup.find(client, server).toCompletableFuture().get(LONGEST_SECONDS, TimeUnit.SECONDS);
            return caller.uid().map(OptionalInt::of).orElse(OptionalInt.empty());
        } catch (ExecutionException | TimeoutException e) {
            log.atWarn().addKeyValue("peer", client).setCause(e).log("caller of the API not found out");
            return OptionalInt.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return OptionalInt.empty();
        }
    }
}
