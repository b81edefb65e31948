package io.culvert.store.codec;

import io.culvert.gossip.wire.MalformedFrame;
import io.culvert.gossip.wire.MalformedFrame.Reason;
import io.culvert.gossip.wire.WireReader;
import io.culvert.gossip.wire.WireWriter;
import io.culvert.store.state.KeyValueOperation;
import io.culvert.store.state.StoreCommand;
import io.culvert.store.state.StoreCommand.Transaction;
import java.util.ArrayList;
import java.util.List;

/**
 * Commands as they are replicated. Layout: kind u8, since u8 (the format version that brought the kind), then the fields
 * of the kind. A server that does not know a kind still reads both numbers, and so refuses it with the same words as those
 * that do know it.
 */
public final class CommandCodec {
    /** A transaction of a whole body, with what stands around it. */
    public static final int LARGEST = 2 << 20;

    private static final int WRITE = 1;
    private static final int TRANSACTION = 2;
    private static final int CREATE_SESSION = 3;
    private static final int END_SESSION = 4;
    private static final int RAISE_FORMAT = 5;

    private CommandCodec() {}

    public static byte[] encode(StoreCommand command) {
        WireWriter to = new WireWriter();
        if (command instanceof StoreCommand.Write write) {
            head(to, WRITE, command);
            OperationCodec.write(to, write.operation());
        } else if (command instanceof Transaction transaction) {
            head(to, TRANSACTION, command).varint(transaction.operations().size());
            transaction.operations().forEach(operation -> OperationCodec.write(to, operation));
        } else if (command instanceof StoreCommand.CreateSession create) {
            StoreWords.session(head(to, CREATE_SESSION, command), create.session());
        } else if (command instanceof StoreCommand.EndSession end) {
            StoreWords.id(head(to, END_SESSION, command), end.session());
            to.flag(end.invalidated());
        } else if (command instanceof StoreCommand.RaiseFormat raise) {
            head(to, RAISE_FORMAT, command).u8(raise.version());
        } else {
            throw new IllegalArgumentException("command '" + command.name() + "' is not for sending");
        }
        return to.toBytes();
    }

    private static WireWriter head(WireWriter to, int kind, StoreCommand command) {
        return to.u8(kind).u8(command.since());
    }

    /** @throws MalformedFrame if no server of any version wrote this */
    public static StoreCommand decode(byte[] bytes) throws MalformedFrame {
        if (bytes.length > LARGEST) {
            throw new MalformedFrame(Reason.TOO_LARGE, "command");
        }
        WireReader from = WireReader.of(bytes);
        int kind = from.u8("kind");
        int since = from.u8("since");
        StoreCommand command = switch (kind) {
            case WRITE -> write(from);
            case TRANSACTION -> transaction(from);
            case CREATE_SESSION -> new StoreCommand.CreateSession(StoreWords.session(from));
            case END_SESSION -> new StoreCommand.EndSession(StoreWords.id(from), from.flag("invalidated"));
            case RAISE_FORMAT -> new StoreCommand.RaiseFormat(from.u8("format"));
            default -> null;
        };
        if (command == null) {
            // Newer than this program: what follows is for others.
            return new StoreCommand.Unknown(kind, since);
        }
        if (since != command.since()) {
            throw new MalformedFrame(Reason.INVALID, "since");
        }
        from.end("command");
        return command;
    }

    private static StoreCommand write(WireReader from) throws MalformedFrame {
        KeyValueOperation operation = OperationCodec.read(from);
        return StoreWords.valid(() -> new StoreCommand.Write(operation), "operation");
    }

    private static StoreCommand transaction(WireReader from) throws MalformedFrame {
        int count = from.count(Transaction.MOST_OPERATIONS, 2, "operations");
        List<KeyValueOperation> operations = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            operations.add(OperationCodec.read(from));
        }
        return new Transaction(operations);
    }
}
