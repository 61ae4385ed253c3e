package dev.sesame.checks.behaviour;

import java.util.Optional;

/** An approval as a caller sees it: what every view must tell alike. */
record Seen(String id, String action, String status, String effectiveContext, Optional<String> note) {}
