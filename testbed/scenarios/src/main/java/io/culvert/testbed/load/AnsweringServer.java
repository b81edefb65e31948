package io.culvert.testbed.load;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** {@code AnsweringServer SERVICE HOST PORT}: one question a connection, then FIN. */
public final class AnsweringServer {
    private AnsweringServer() {}

    public static void main(String[] arguments) throws IOException {
        String service = arguments[0];
        String host = arguments[1];
        ExecutorService threads = Executors.newCachedThreadPool();
        try (ServerSocket listener =
                new ServerSocket(Integer.parseInt(arguments[2]), 1_024, InetAddress.getByName("127.0.0.1"))) {
            System.out.println("listening");
            while (true) {
                Socket socket = listener.accept();
                threads.execute(() -> serve(socket, service, host));
            }
        }
    }

    private static void serve(Socket socket, String service, String host) {
        try (socket) {
            String[] question = Answer.line(socket.getInputStream()).split(" ");
            if (question[0].equals("health")) {
                return;
            }
            new Answer(service, host, Long.parseLong(question[0]), Integer.parseInt(question[1]))
                    .writeTo(socket.getOutputStream());
        } catch (IOException | NumberFormatException e) {
            System.out.println("connection ended: " + e.getMessage()); // checks connect and go: expected
        }
    }
}
