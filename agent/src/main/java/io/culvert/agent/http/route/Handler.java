package io.culvert.agent.http.route;

/** Answers requests of one route. Runs on a worker, several at a time; may block for the disk or for a peer. */
@FunctionalInterface
public interface Handler {
    Reply handle(ApiRequest request) throws ApiRefusal;
}
