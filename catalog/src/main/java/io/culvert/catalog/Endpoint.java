package io.culvert.catalog;

/** Where an application listens: a TCP port or a UNIX socket. */
public sealed interface Endpoint permits TcpEndpoint, UnixEndpoint {}
