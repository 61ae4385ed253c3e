package dev.sesame.java;

/** What to do on a decision that came by webhook. */
@FunctionalInterface
public interface DecisionHandler {
    /** Does it, with the context of {@code event}: what was approved. What it throws makes the webhook come again. */
    void handle(WebhookEvent event) throws Exception;
}
