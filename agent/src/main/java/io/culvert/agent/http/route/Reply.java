package io.culvert.agent.http.route;

/** What a handler gives back: the answer, or what to wait for. */
public sealed interface Reply permits Answer, Waiting {}
