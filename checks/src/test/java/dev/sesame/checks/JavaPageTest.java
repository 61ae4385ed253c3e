package dev.sesame.checks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sesame.ApprovalStatus;
import dev.sesame.java.AsyncSesame;
import dev.sesame.java.BlockingSesame;
import dev.sesame.testing.FakeBroker;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.util.LinkedMultiValueMap;

/** Runs what docs/java.md shows. */
class JavaPageTest {
    private final FakeBroker broker = new FakeBroker();
    private final BlockingSesame sesame = BlockingSesame.of(broker.sesame());
    private final List<JavaPage.Refund> paid = new ArrayList<>();
    private final JavaPage page = new JavaPage(refund -> {
        paid.add(refund);
        return new JavaPage.Receipt("re_" + refund.customer() + "_" + refund.cents());
    });
    private final JavaPage.Refunds implementation = new JavaPage.Refunds() {
        @Override
        public JavaPage.Receipt refund(String customer, long cents, String ticket) {
            return new JavaPage.Receipt(ticket + " " + customer + " " + cents);
        }

        @Override
        public CompletableFuture<JavaPage.Receipt> refundLater(String customer, long cents) {
            return CompletableFuture.completedFuture(new JavaPage.Receipt("later " + customer + " " + cents));
        }
    };

    @AfterEach
    void close() {
        broker.close();
    }

    private void peopleApprove() {
        broker.approver("ana").approvesAll();
    }

    @Test
    void aClientIsMadeOfAKeyAndAnAddress() throws Exception {
        peopleApprove();
        try (BlockingSesame overHttp = JavaPage.client(broker.getApiKey(), broker.serve())) {
            assertThat(page.blocking(overHttp, JavaPage.request()).number()).isEqualTo("re_ana_4200");
        }
    }

    @Test
    void bothViewsRunTheBlockOnAYes() throws Exception {
        peopleApprove();
        assertThat(page.blocking(sesame, JavaPage.request()).number()).isEqualTo("re_ana_4200");
        var other = JavaPage.contexts();
        assertThat(page.async(sesame.async(), other)
                        .handle((receipt, problem) -> problem == null)
                        .get(20, TimeUnit.SECONDS))
                .as("a context with a field that the record lacks is not run")
                .isFalse();
        assertThat(paid).hasSize(1);
    }

    @Test
    void aFutureEndsAsAnyFutureDoes() throws Exception {
        peopleApprove();
        assertThat(page.ends(AsyncSesame.of(broker.sesame()), JavaPage.request())
                        .get(20, TimeUnit.SECONDS))
                .isEqualTo("re_ana_4200");
    }

    @Test
    void aNoIsToldInWords() throws Exception {
        broker.approver("ana").deniesAll("too much");
        assertThat(page.no(sesame, JavaPage.request())).isEqualTo("no, says ana: too much");
        assertThat(paid).isEmpty();
    }

    @Test
    void aBlockMayThrowWhatItThrows() throws Exception {
        peopleApprove();
        assertThat(page.carefully(sesame, JavaPage.request()).number()).isEqualTo("re_ana_4200");
    }

    @Test
    void oneMayAskNowAndWaitLater() throws Exception {
        var ids = new ArrayList<String>();
        var seen = page.later(sesame, JavaPage.request(), ids::add, () -> {
            assertThat(page.open(sesame)).hasSize(1);
            broker.approver("ana").approves(ids.get(0));
        });
        assertThat(seen).containsExactly(ApprovalStatus.PENDING, ApprovalStatus.APPROVED, ApprovalStatus.APPROVED);
        assertThat(page.elsewhere(sesame, ids.get(0)).number()).isEqualTo("re_ana_4200");
        broker.assertRanOnce(ids.get(0));
    }

    @Test
    void anAnnotatedMethodRunsWithWhatWasApproved() throws Exception {
        peopleApprove();
        assertThat(page.gated(sesame, implementation).number()).isEqualTo("884 ana 4200");
        assertThat(broker.getAsked().get(0).getSummary()).isEqualTo("Refund 4200 cents to ana");
        assertThat(broker.getAsked().get(0).getDedupKey()).isEqualTo("refund-884");
    }

    @Test
    void aWebhookRunsItsHandlerOnceHoweverOftenItComes() throws Exception {
        broker.endpoint("https://shop.example/webhooks/sesame");
        String id = sesame.trigger(JavaPage.request()).id();
        broker.approver("ana").approves(id);
        var spring = new SpringWebhooks(
                page.webhooks(sesame, broker.getWebhookSecret().reveal(), note -> {}));
        var webhook = broker.getWebhooks().get(0);
        var headers = new LinkedMultiValueMap<String, String>();
        headers.putAll(webhook.getHeaders());
        headers.set("Content-Type", "application/json");
        assertThat(spring.decided(webhook.getBody(), headers).getStatusCode().value())
                .isEqualTo(204);
        assertThat(spring.decided(webhook.getBody(), headers).getStatusCode().value())
                .isEqualTo(204);
        assertThat(paid).hasSize(1);
        headers.set("webhook-signature", "v1,AAAA");
        assertThat(spring.decided(webhook.getBody(), headers).getStatusCode().value())
                .isEqualTo(401);
    }
}
