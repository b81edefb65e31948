package io.culvert.testbed.strangers;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * {@code LongStream STOPFILE ADDRESS PORT}: one connection that speaks all the time, until the file is there. Prints {@code
 * echoed N LONGEST} now and then, the longest wait for an answer in ms, and ends with {@code ended} or {@code broken}.
 */
public final class LongStream {
    private static final int PAUSE_MILLIS = 10;
    private static final int REPORT_EVERY = 20;
    private static final int TIMEOUT_MILLIS = 15_000;

    private LongStream() {}

    public static void main(String[] arguments) throws InterruptedException {
        Path stop = Path.of(arguments[0]);
        InetSocketAddress to = new InetSocketAddress(arguments[1], Integer.parseInt(arguments[2]));
        try (Socket socket = new Socket()) {
            socket.setSoTimeout(TIMEOUT_MILLIS);
            socket.connect(to, TIMEOUT_MILLIS);
            speak(socket, stop);
            System.out.println("ended");
        } catch (IOException e) {
            System.out.println("broken: " + e);
            System.exit(1);
        }
    }

    private static void speak(Socket socket, Path stop) throws IOException, InterruptedException {
        OutputStream out = socket.getOutputStream();
        BufferedReader in =
                new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
        long longest = 0;
        for (int number = 1; !Files.exists(stop); number++) {
            long asked = System.nanoTime();
            String word = "word " + number;
            out.write((word + "\n").getBytes(StandardCharsets.US_ASCII));
            String heard = in.readLine();
            if (!word.equals(heard)) {
                throw new IOException("said '" + word + "', heard '" + heard + "'");
            }
            longest = Math.max(longest, System.nanoTime() - asked);
            if (number % REPORT_EVERY == 0) {
                System.out.println("echoed " + number + " " + longest / 1_000_000);
            }
            Thread.sleep(PAUSE_MILLIS);
        }
    }
}
