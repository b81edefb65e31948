package io.culvert.agent.local;

/** How a change of the local state ended. Everything but {@link Applied} means that nothing was changed. */
public sealed interface LocalOutcome {
    /** For the one who asked; empty when all went well. */
    String message();

    default boolean isApplied() {
        return this instanceof Applied;
    }

    /**
     * In force, and on disk where it has to be.
     *
     * @param changed whether anything is different now
     */
    record Applied(boolean changed) implements LocalOutcome {
        @Override
        public String message() {
            return "";
        }
    }

    /** What was asked for contradicts itself, the rest of the state, or a bound. */
    record Invalid(String message) implements LocalOutcome {}

    /** It speaks of a service or check that this host does not have. */
    record Unknown(String message) implements LocalOutcome {}

    /** The disk did not take it. */
    record NotStored(String message) implements LocalOutcome {}
}
