package dev.sesame.java;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sesame.testing.CallKind;
import dev.sesame.testing.FakeBroker;
import dev.sesame.testing.FakeBrokerExtension;
import dev.sesame.testing.Fault;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(FakeBrokerExtension.class)
class ListenerTest {
    @Test
    void itHearsWhatIsAskedDecidedAndTriedAgainAndWhatItThrowsChangesNothing(FakeBroker broker) throws Exception {
        List<String> heard = new CopyOnWriteArrayList<>();
        SesameListener listener = new SesameListener() {
            @Override
            public void requested(Approval approval) {
                heard.add("requested " + approval.action());
                throw new IllegalStateException("a listener that fails");
            }

            @Override
            public void decided(Approval approval) {
                heard.add("decided " + approval.status());
            }

            @Override
            public void retried(String reason, Duration delay) {
                heard.add("retried after " + (delay.isNegative() ? "nothing" : "a while"));
            }
        };
        broker.approver("ana").approvesAll();
        broker.fail(Fault.UNAVAILABLE, 1, CallKind.OPEN);
        try (BlockingSesame sesame = BlockingSesame.builder()
                .apiKey(broker.getApiKey())
                .brokerUrl(broker.serve())
                .listener(listener)
                .build()) {
            sesame.approveAndRun(Questions.refund(), approval -> {});
        }
        assertThat(heard).containsExactly("retried after a while", "requested payments.refund", "decided approved");
    }
}
