package io.culvert.proxy;

import java.time.Duration;

/**
 * How a stream ended.
 *
 * @param message a sentence for people; empty when the reason says it all
 * @param instanceId the instance that took it, or was tried last; empty: none
 * @param host the node of that instance; empty: none
 * @param attempts instances tried
 * @param connecting from the caller's accept to the application's
 * @param duration from begin to end
 * @param bytesOut from the caller to the application
 * @param bytesIn from the application to the caller
 */
public record StreamEnd(
        CloseReason reason,
        String message,
        String instanceId,
        String host,
        int attempts,
        Duration connecting,
        Duration duration,
        long bytesOut,
        long bytesIn) {}
