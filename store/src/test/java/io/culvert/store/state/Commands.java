package io.culvert.store.state;

import io.culvert.store.state.KeyValueOperation.CheckIndex;
import io.culvert.store.state.KeyValueOperation.CheckNotExists;
import io.culvert.store.state.KeyValueOperation.CheckSession;
import io.culvert.store.state.KeyValueOperation.CompareAndDelete;
import io.culvert.store.state.KeyValueOperation.CompareAndSet;
import io.culvert.store.state.KeyValueOperation.Delete;
import io.culvert.store.state.KeyValueOperation.DeleteTree;
import io.culvert.store.state.KeyValueOperation.Get;
import io.culvert.store.state.KeyValueOperation.GetTree;
import io.culvert.store.state.KeyValueOperation.Lock;
import io.culvert.store.state.KeyValueOperation.Unlock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;

/** Draws commands from so few keys, sessions and numbers that they meet. */
public final class Commands {
    private static final List<String> KEYS =
            List.of("a", "a/", "a/b", "a/b/c", "a/\ud83d\ude00", "a/\uffee", "b", "b/x", "\u00e9");
    private static final List<String> PREFIXES = List.of("", "a", "a/", "a/b", "b/", "none");

    private Commands() {}

    /** A command and the leader's time stamp, which sometimes goes back. */
    public record Stamped(StoreCommand command, long stamp) {}

    public static Stamped draw(SplittableRandom random) {
        return new Stamped(command(random), random.nextLong(200_000));
    }

    public static StoreCommand command(SplittableRandom random) {
        return switch (random.nextInt(10)) {
            case 0 -> new StoreCommand.CreateSession(session(random));
            case 1 -> new StoreCommand.EndSession(id(random), random.nextBoolean());
            case 2, 3 -> transaction(random);
            default -> new StoreCommand.Write(write(random));
        };
    }

    private static StoreCommand transaction(SplittableRandom random) {
        List<KeyValueOperation> operations = new ArrayList<>();
        for (int i = random.nextInt(5); i >= 0; i--) {
            operations.add(random.nextInt(3) == 0 ? read(random) : write(random));
        }
        return new StoreCommand.Transaction(operations);
    }

    private static KeyValueOperation write(SplittableRandom random) {
        String key = one(KEYS, random);
        Blob value = Blob.copyOf(new byte[random.nextInt(3)]);
        long flags = random.nextInt(2) == 0 ? 0 : -1L;
        return switch (random.nextInt(9)) {
            case 0, 1 -> new KeyValueOperation.Set(key, value, flags);
            case 2, 3 -> new CompareAndSet(key, value, flags, random.nextInt(30));
            case 4, 5 -> new Lock(key, value, flags, id(random));
            case 6 -> new Unlock(key, value, flags, id(random));
            case 7 -> random.nextBoolean() ? new Delete(key) : new CompareAndDelete(key, random.nextInt(30));
            default -> random.nextInt(4) == 0 ? new DeleteTree(one(PREFIXES, random)) : new Delete(key);
        };
    }

    private static KeyValueOperation read(SplittableRandom random) {
        String key = one(KEYS, random);
        return switch (random.nextInt(5)) {
            case 0 -> new Get(key);
            case 1 -> new GetTree(one(PREFIXES, random));
            case 2 -> new CheckIndex(key, random.nextInt(30));
            case 3 -> new CheckSession(key, id(random));
            default -> new CheckNotExists(key);
        };
    }

    private static Session session(SplittableRandom random) {
        return new Session(
                id(random),
                "lock",
                "node-" + random.nextInt(2),
                Duration.ofSeconds(random.nextInt(3) * 15L),
                random.nextBoolean() ? Session.Behavior.DELETE : Session.Behavior.RELEASE,
                random.nextBoolean() ? Duration.ZERO : Duration.ofSeconds(10),
                List.of("serfHealth"),
                random.nextBoolean() ? List.of() : List.of("web"),
                0,
                0);
    }

    private static SessionId id(SplittableRandom random) {
        return new SessionId(new UUID(random.nextInt(2) == 0 ? -1L : 1L, random.nextInt(3)));
    }

    private static <T> T one(List<T> all, SplittableRandom random) {
        return all.get(random.nextInt(all.size()));
    }
}
