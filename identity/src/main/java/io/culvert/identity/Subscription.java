package io.culvert.identity;

/** Something that goes on until it is closed, which may be done twice. */
@FunctionalInterface
public interface Subscription extends AutoCloseable {
    @Override
    void close();
}
