package io.culvert.agent.pool;

/**
 * Something about the pool that a person should know.
 *
 * @param kind one word, for programs
 * @param what is wrong, a sentence
 * @param remedy what to do, a sentence
 */
public record Hint(Kind kind, String what, String remedy) {
    /** All there are; the docs explain each. */
    public enum Kind {
        ALONE("alone"),
        CLONE("clone"),
        CLOCK("clock"),
        FAILED("failed"),
        FROZEN("frozen"),
        KEY("key"),
        NAME("name"),
        PAUSED("paused"),
        SLOW("slow"),
        TUNING("tuning"),
        UDP("udp");

        private final String word;

        Kind(String word) {
            this.word = word;
        }

        public String word() {
            return word;
        }
    }
}
