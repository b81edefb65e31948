package io.culvert.agent.keyring;

/** One step of a change of the pool's keys, the same for every host. */
record KeyringOrder(Kind kind, String key) {
    enum Kind {
        /** Say which keys there are. */
        SHOW,
        /** Accept this key as well. */
        INSTALL,
        /** Seal with this key, which is installed with it where it is missing. */
        USE,
        /** Accept this key no longer. */
        REMOVE,
        /** Accept this key only. */
        KEEP_ONLY
    }

    /** For people: what is being done. */
    String sentence() {
        return switch (kind) {
            case SHOW -> "asking every host for its keys";
            case INSTALL -> "installing key " + key;
            case USE -> "changing over to key " + key;
            case REMOVE -> "removing key " + key;
            case KEEP_ONLY -> "removing every key but " + key;
        };
    }
}
