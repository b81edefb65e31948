package io.culvert.health.probe;

import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.codec.DecoderException;
import java.io.FileNotFoundException;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import java.util.Locale;
import java.util.concurrent.CompletionException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;

/** Failures of a connection in the words of people. */
final class Reasons {
    /** As the epoll transport words them: {@code connect(..) failed with error(-111): Connection refused: /1.2.3.4:80}. */
    private static final Pattern SYSTEM_ERROR = Pattern.compile("failed with error\\(-?\\d+\\): ([^:]+)");

    private Reasons() {}

    static String of(Throwable failure) {
        Throwable cause = failure;
        while ((cause instanceof CompletionException || cause instanceof DecoderException)
                && cause.getCause() != null) {
            cause = cause.getCause();
        }
        if (cause instanceof UnknownHostException) {
            return cause.getMessage() + " cannot be resolved";
        }
        if (cause instanceof ConnectTimeoutException) {
            return "no answer to the connection request";
        }
        if (cause instanceof ClosedChannelException) {
            return "connection closed by the other side";
        }
        if (cause instanceof SSLException) {
            return "TLS: " + deepest(cause);
        }
        String message = String.valueOf(cause.getMessage());
        Matcher system = SYSTEM_ERROR.matcher(message);
        if (system.find()) {
            String words = system.group(1).strip();
            return words.substring(0, 1).toLowerCase(Locale.ROOT) + words.substring(1);
        }
        if (cause instanceof FileNotFoundException) {
            return "no such file or directory";
        }
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : message;
    }

    /** JDK 17 wraps what is wrong with a certificate several times over. */
    private static String deepest(Throwable failure) {
        Throwable cause = failure;
        String message = String.valueOf(failure.getMessage());
        while (cause.getCause() != null) {
            cause = cause.getCause();
            message = cause.getMessage() == null ? message : cause.getMessage();
        }
        return message;
    }
}
