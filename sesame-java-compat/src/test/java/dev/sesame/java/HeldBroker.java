package dev.sesame.java;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A broker on a plain socket that takes each question, holds each wait for good, and sees when the caller's end of a held connection is
 * closed: what a server of the JDK's doesn't tell.
 */
final class HeldBroker implements AutoCloseable {
    private static final String ID = "ap_aaaaaaaaaaaaaaaaaaaaaaaaaa";
    private static final String DOCUMENT =
            "{\"approval_id\":\"" + ID + "\",\"action\":\"" + Questions.ACTION + "\",\"status\":\"pending\"}";

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final ServerSocket server;
    private final AtomicInteger held = new AtomicInteger();
    private final CountDownLatch left = new CountDownLatch(1);
    private final ConcurrentLinkedQueue<String> calls = new ConcurrentLinkedQueue<>();

    HeldBroker() {
        try {
            server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        }
        threads.execute(this::accept);
    }

    /** A client of this broker. */
    BlockingSesame client() {
        return BlockingSesame.builder()
                .apiKey("sk_live_test")
                .brokerUrl("http://127.0.0.1:" + server.getLocalPort())
                .build();
    }

    /** Waits until a caller's wait is held here. */
    void awaitHeld() {
        Eventually.until("a wait is held", () -> held.get() > 0);
    }

    /** Waits until the caller of a held wait has closed its connection. */
    boolean sawTheClose() throws InterruptedException {
        return left.await(Eventually.AT_MOST.toSeconds(), TimeUnit.SECONDS);
    }

    /** Whether a call of that method and path came. */
    boolean heard(String call) {
        return calls.stream().anyMatch(line -> line.startsWith(call));
    }

    int callCount() {
        return calls.size();
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                threads.execute(() -> serve(socket));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            BufferedReader reader =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
            for (String call = reader.readLine(); call != null; call = reader.readLine()) {
                readRest(reader);
                calls.add(call);
                if (call.contains("wait=true")) {
                    held.incrementAndGet();
                    if (reader.read() == -1) left.countDown();
                    return;
                }
                byte[] answer = ("HTTP/1.1 " + (call.startsWith("POST") ? "201 Created" : "200 OK")
                                + "\r\nContent-Type: application/json\r\nContent-Length: " + DOCUMENT.length()
                                + "\r\n\r\n"
                                + DOCUMENT)
                        .getBytes(StandardCharsets.ISO_8859_1);
                socket.getOutputStream().write(answer);
            }
        } catch (IOException broken) {
            left.countDown();
        }
    }

    private static void readRest(BufferedReader reader) throws IOException {
        int length = 0;
        for (String line = reader.readLine(); line != null && !line.isEmpty(); line = reader.readLine()) {
            if (line.regionMatches(true, 0, "content-length:", 0, 15))
                length = Integer.parseInt(line.substring(15).strip());
        }
        for (int read = 0; read < length; read++) reader.read();
    }

    @Override
    public void close() throws IOException {
        server.close();
        threads.shutdownNow();
    }
}
