package dev.sesame.java;

import java.util.function.Predicate;

/** What runs under a claim, and which of its exceptions mean that it did nothing. */
record RegisteredHandler(DecisionHandler handler, Predicate<? super Throwable> safeToRetry) {}
