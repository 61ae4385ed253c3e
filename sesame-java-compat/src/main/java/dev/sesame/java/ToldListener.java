package dev.sesame.java;

import dev.sesame.ExecutionState;
import dev.sesame.internal.JavaListener;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A caller's listener behind the client's: what it throws ends here, or else it would end somebody's wait. */
final class ToldListener implements JavaListener {
    private static final Logger log = LoggerFactory.getLogger("dev.sesame");
    private final SesameListener listener;

    ToldListener(SesameListener listener) {
        this.listener = listener;
    }

    @Override
    public void requested(dev.sesame.Approval approval) {
        tell(() -> listener.requested(new Approval(approval)));
    }

    @Override
    public void decided(dev.sesame.Approval approval) {
        tell(() -> listener.decided(new Approval(approval)));
    }

    @Override
    public void retried(String reason, Duration delay) {
        tell(() -> listener.retried(reason, delay));
    }

    @Override
    public void unreported(dev.sesame.Approval approval, ExecutionState outcome) {
        tell(() -> listener.unreported(new Approval(approval), outcome));
    }

    private static void tell(Runnable news) {
        try {
            news.run();
        } catch (RuntimeException problem) {
            log.error("The listener of a client failed", problem);
        }
    }
}
