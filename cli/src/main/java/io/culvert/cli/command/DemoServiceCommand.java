package io.culvert.cli.command;

import io.culvert.agent.demo.DemoService;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code culvert demo-service} */
@Command(
        name = "demo-service",
        description =
                "Run a small HTTP service on a UNIX socket: something to put into the mesh when there is nothing else.")
public final class DemoServiceCommand implements Callable<Integer> {
    @Option(
            names = "--socket",
            paramLabel = "PATH",
            defaultValue = "/tmp/culvert-demo/demo.sock",
            description = "Where to listen. Default: ${DEFAULT-VALUE}.")
    private Path socket = Path.of("/tmp/culvert-demo/demo.sock");

    @Override
    public Integer call() throws InterruptedException {
        CountDownLatch stop = new CountDownLatch(1);
        CountDownLatch stopped = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            stop.countDown();
            awaitQuietly(stopped);
        }));
        var loop = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
        try (DemoService service = DemoService.start(socket, loop)) {
            System.out.println("The demo service listens on " + socket + ". Ctrl-C ends it.");
            stop.await();
        } catch (IOException e) {
            throw new CommandFailure("the demo service cannot listen: " + e.getMessage(), CommandFailure.FAILED);
        } finally {
            loop.shutdownGracefully();
            stopped.countDown();
        }
        return 0;
    }

    private static void awaitQuietly(CountDownLatch stopped) {
        try {
            stopped.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
