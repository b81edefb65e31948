package io.culvert.store.state;

import io.culvert.store.state.KeyValueRules.Step;
import io.culvert.store.state.Outcome.Failure;
import java.util.ArrayList;
import java.util.List;

/**
 * Everything the servers agree on, at one index. Immutable: {@link #apply} gives the next one.
 *
 * @param index grows by one with each command that changed something; never the engine's, which also counts its own
 *     entries and starts anew with another engine
 * @param now the latest time stamp of a leader, milliseconds; it never goes back, whatever leaders' clocks do
 * @param formatVersion the newest format that every server knows
 */
public record StoreState(long index, long now, int formatVersion, KeyValues keyValues, Sessions sessions) {
    /** The newest format that this program knows. */
    public static final int NEWEST_FORMAT = 1;

    public static final StoreState EMPTY = new StoreState(0, 0, 1, KeyValues.EMPTY, Sessions.EMPTY);

    /** The state after a command, and what the command came to. */
    public record Applied(StoreState next, Outcome outcome) {}

    /**
     * Applies one command.
     *
     * @param stamp the leader's wall clock when it took the command, milliseconds; one before an earlier command's counts
     *     as that earlier one
     */
    public Applied apply(StoreCommand command, long stamp) {
        StoreState present = new StoreState(index, Math.max(now, stamp), formatVersion, keyValues, sessions);
        return command.since() > formatVersion
                ? new Applied(present, unknown(command.name(), command.since(), formatVersion))
                : present.perform(command);
    }

    /** The refusal of a command that is newer than what all servers know. */
    public static Outcome.Invalid unknown(String command, int since, int known) {
        return new Outcome.Invalid("command '" + command + "' needs store format " + since
                + ", but not every server knows more than format " + known
                + " yet (upgrade all servers; nothing was changed)");
    }

    /**
     * The servers agreed on a format that this program does not know. It has to stop being a server: whatever it did with
     * the next command, others may do something else.
     */
    public static final class FormatNotKnown extends IllegalStateException {
        private static final long serialVersionUID = 1;

        FormatNotKnown(int version) {
            super("the servers have moved to store format " + version + "; this one knows " + NEWEST_FORMAT
                    + " (upgrade it; it is no server until then)");
        }
    }

    private Applied perform(StoreCommand command) {
        if (command instanceof StoreCommand.Write write) {
            return write(write.operation());
        } else if (command instanceof StoreCommand.Transaction transaction) {
            return transact(transaction.operations());
        } else if (command instanceof StoreCommand.CreateSession create) {
            return createSession(create.session());
        } else if (command instanceof StoreCommand.EndSession end) {
            return endSession(end.session(), end.invalidated());
        } else if (command instanceof StoreCommand.RaiseFormat raise) {
            return raiseFormat(raise.version());
        }
        // Brought by a format that all servers are said to know, and this one does not.
        throw new FormatNotKnown(command.since());
    }

    private KeyValueRules rules() {
        return new KeyValueRules(sessions, index + 1, now);
    }

    private Applied write(KeyValueOperation operation) {
        Step step = rules().apply(keyValues, operation);
        if (step instanceof Step.Done done) {
            return new Applied(with(done.next()), new Outcome.Answered(true));
        }
        Step.Refused refused = (Step.Refused) step;
        return new Applied(this, refused.invalid() ? new Outcome.Invalid(refused.why()) : new Outcome.Answered(false));
    }

    // As in Consul every failure is told, each judged after the operations before it that could be done.
    private Applied transact(List<KeyValueOperation> operations) {
        KeyValueRules rules = rules();
        KeyValues reached = keyValues;
        List<KeyValue> shown = new ArrayList<>();
        List<Failure> failures = new ArrayList<>();
        for (int i = 0; i < operations.size(); i++) {
            Step step = rules.apply(reached, operations.get(i));
            if (step instanceof Step.Done done) {
                reached = done.next();
                shown.addAll(done.shown());
            } else {
                failures.add(new Failure(i, ((Step.Refused) step).why()));
            }
        }
        return failures.isEmpty()
                ? new Applied(with(reached), new Outcome.Committed(shown))
                : new Applied(this, new Outcome.RolledBack(failures));
    }

    private StoreState with(KeyValues next) {
        return next.isSameAs(keyValues) ? this : new StoreState(index + 1, now, formatVersion, next, sessions);
    }

    private Applied createSession(Session session) {
        if (sessions.contains(session.id())) {
            return new Applied(this, new Outcome.Invalid("session " + session.id() + " exists already"));
        }
        if (sessions.size() >= Sessions.MOST_SESSIONS) {
            return new Applied(
                    this,
                    new Outcome.Invalid("there are " + sessions.size() + " sessions (at most " + Sessions.MOST_SESSIONS
                            + "): destroy those that are not needed, or give them a TTL"));
        }
        Sessions next = sessions.with(session.createdAt(index + 1));
        return new Applied(new StoreState(index + 1, now, formatVersion, keyValues, next), new Outcome.Answered(true));
    }

    /** One that has ended already is as good as ended, so that the command may come twice. */
    private Applied endSession(SessionId id, boolean invalidated) {
        Session session = sessions.get(id).orElse(null);
        if (session == null) {
            return new Applied(this, new Outcome.Answered(true));
        }
        boolean blocks = invalidated && !session.lockDelay().isZero();
        KeyValues next = blocks ? keyValues.unblocked(now) : keyValues;
        for (String key : keyValues.heldBy(id)) {
            next = session.behavior() == Session.Behavior.DELETE ? next.without(key) : next.released(key, index + 1);
            next = blocks ? next.blocking(key, now + session.lockDelay().toMillis()) : next;
        }
        return new Applied(
                new StoreState(index + 1, now, formatVersion, next, sessions.without(id)), new Outcome.Answered(true));
    }

    private Applied raiseFormat(int version) {
        if (version > NEWEST_FORMAT) {
            throw new FormatNotKnown(version);
        }
        return version <= formatVersion
                ? new Applied(this, new Outcome.Answered(false))
                : new Applied(new StoreState(index + 1, now, version, keyValues, sessions), new Outcome.Answered(true));
    }

    /** Puts a state together from what a snapshot holds. */
    public static final class Builder {
        private final long index;
        private final long now;
        private final int formatVersion;
        private KeyValues keyValues = KeyValues.EMPTY;
        private Sessions sessions = Sessions.EMPTY;

        public Builder(long index, long now, int formatVersion) {
            this.index = index;
            this.now = now;
            this.formatVersion = formatVersion;
        }

        /** @throws IllegalArgumentException if there is one with this id, or the bound is reached */
        public Builder add(Session session) {
            require(!sessions.contains(session.id()), "session " + session.id() + " twice");
            require(sessions.size() < Sessions.MOST_SESSIONS, "too many sessions");
            sessions = sessions.with(session);
            return this;
        }

        /** @throws IllegalArgumentException if the key is there, its holder is not, or the bound is reached */
        public Builder add(KeyValue entry) {
            require(keyValues.get(entry.key()).isEmpty(), "key twice");
            require(keyValues.hasRoomFor(entry.key(), entry.value()), "too many keys");
            SessionId holder = entry.holder();
            require(holder == null || sessions.contains(holder), "a lock of no session");
            keyValues = keyValues.with(entry);
            return this;
        }

        /** The lock of {@code key} may not be taken before {@code until}, milliseconds. */
        public Builder block(String key, long until) {
            KeyValue.checkKey(key);
            keyValues = keyValues.blocking(key, until);
            return this;
        }

        /** @throws IllegalArgumentException if the numbers are none that a state can have */
        public StoreState build() {
            require(index >= 0 && now >= 0 && formatVersion >= 1, "index, time or format");
            require(formatVersion <= NEWEST_FORMAT, "format " + formatVersion + " of a newer program");
            return new StoreState(index, now, formatVersion, keyValues, sessions);
        }

        private static void require(boolean holds, String what) {
            if (!holds) {
                throw new IllegalArgumentException("state of the store: " + what);
            }
        }
    }
}
