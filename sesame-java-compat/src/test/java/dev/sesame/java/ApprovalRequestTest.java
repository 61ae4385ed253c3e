package dev.sesame.java;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sesame.InvalidRequestException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ApprovalRequestTest {
    private record Refund(long amount, String customer) {}

    @Test
    void onlyTheActionIsRequired() {
        ApprovalRequest request = ApprovalRequest.builder("payments.refund").build();
        assertThat(request.action()).isEqualTo("payments.refund");
        assertThat(request.summary()).isEqualTo("Run payments.refund");
        assertThat(request.contextJson()).isEqualTo("{}");
        assertThat(request.reason()).isEmpty();
        assertThat(request.dedupKey()).isEmpty();
        assertThat(request.expiresIn()).isEmpty();
        assertThat(request.validFor()).isEmpty();
        assertThat(request.requestedBy()).isEmpty();
        assertThat(request.riskScore()).isEmpty();
        assertThat(request.callbackUrl()).isEmpty();
    }

    @Test
    void whatWasGivenIsKept() {
        ApprovalRequest request = ApprovalRequest.builder("payments.refund")
                .summary("Refund 42.00")
                .reason("broken")
                .context(new Refund(4200, "ana"))
                .dedupKey("refund-1")
                .expiresIn(Duration.ofHours(4))
                .validFor(Duration.ofMinutes(30))
                .requestedBy("bot for Kim")
                .riskScore(0.2)
                .callbackUrl("https://example.com/hook")
                .build();
        assertThat(request.summary()).isEqualTo("Refund 42.00");
        assertThat(request.reason()).contains("broken");
        assertThat(request.contextJson()).isEqualTo("{\"amount\":4200,\"customer\":\"ana\"}");
        assertThat(request.dedupKey()).contains("refund-1");
        assertThat(request.expiresIn()).contains(Duration.ofHours(4));
        assertThat(request.validFor()).contains(Duration.ofMinutes(30));
        assertThat(request.requestedBy()).contains("bot for Kim");
        assertThat(request.riskScore()).hasValue(0.2);
        assertThat(request.callbackUrl()).contains("https://example.com/hook");
    }

    @Test
    void whoMustApproveIsKeptAsItWasGiven() {
        Map<String, Integer> each = new HashMap<>(Map.of("finance", 1));
        ApprovalRequest request = ApprovalRequest.builder("payments.refund")
                .editable("amount")
                .approvalsRequired(2)
                .groups("finance", "support")
                .approvalsPerGroup(each)
                .build();
        each.put("support", 9);
        assertThat(request.editable()).containsExactly("amount");
        assertThat(request.approvalsRequired()).isEqualTo(2);
        assertThat(request.groups()).containsExactly("finance", "support");
        assertThat(request.approvalsPerGroup()).isEqualTo(Map.of("finance", 1));
        assertThat(ApprovalRequest.builder("a").build().approvalsRequired()).isEqualTo(1);
    }

    @Test
    void theLastContextCounts() {
        ApprovalRequest.Builder builder =
                ApprovalRequest.builder("a").context(Map.of("x", 1)).contextJson("{\"y\": 2}");
        assertThat(builder.build().contextJson()).isEqualTo("{\"y\":2}");
    }

    @Test
    void aBuiltRequestStaysAsItIs() {
        ApprovalRequest.Builder builder = ApprovalRequest.builder("a").summary("first");
        ApprovalRequest first = builder.build();
        builder.summary("second");
        assertThat(first.summary()).isEqualTo("first");
    }

    @Test
    void aRiskIsFromNoneToCertain() {
        for (double risk : new double[] {-0.1, 1.1, Double.NaN, Double.POSITIVE_INFINITY}) {
            assertThatThrownBy(() -> ApprovalRequest.builder("a").riskScore(risk))
                    .isInstanceOfSatisfying(
                            InvalidRequestException.class,
                            it -> assertThat(it.getFields()).containsOnlyKeys("risk_score"));
        }
    }

    @Test
    void itsTextNamesTheActionOnly() {
        ApprovalRequest request = ApprovalRequest.builder("payments.refund")
                .summary("secret")
                .dedupKey("secret")
                .context(Map.of("a", "secret"))
                .build();
        assertThat(request).hasToString("ApprovalRequest(payments.refund)");
    }
}
