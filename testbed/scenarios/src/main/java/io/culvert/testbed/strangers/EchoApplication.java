package io.culvert.testbed.strangers;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** {@code EchoApplication PORT}: says back what it hears, and prints one line for each connection that reached it. */
public final class EchoApplication {
    /** What is printed when a connection was accepted. */
    public static final String ACCEPTED = "accepted";

    private EchoApplication() {}

    public static void main(String[] arguments) throws IOException {
        ExecutorService threads = Executors.newCachedThreadPool();
        try (ServerSocket listener =
                new ServerSocket(Integer.parseInt(arguments[0]), 1_024, InetAddress.getByName("127.0.0.1"))) {
            System.out.println("listening");
            while (true) {
                Socket socket = listener.accept();
                System.out.println(ACCEPTED);
                threads.execute(() -> echo(socket));
            }
        }
    }

    private static void echo(Socket socket) {
        try (socket) {
            socket.getInputStream().transferTo(socket.getOutputStream());
        } catch (IOException e) {
            System.out.println("a connection ended: " + e.getMessage()); // a caller that goes without a word
        }
    }
}
