package dev.sesame.java;

import java.time.Duration;

/** A program that forgets to close its client, with a wait under way and another that was cut short. */
final class UnclosedClient {
    private UnclosedClient() {}

    public static void main(String[] arguments) throws Exception {
        BlockingSesame sesame = BlockingSesame.builder()
                .apiKey(arguments[0])
                .brokerUrl(arguments[1])
                .build();
        AsyncPendingApproval pending =
                sesame.async().trigger(Questions.refund()).get();
        var unused = pending.await();
        sesame.attach(pending.id()).poll(Duration.ofMillis(200));
        System.out.println("through");
    }
}
