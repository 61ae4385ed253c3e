package dev.sesame.java;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sesame.ExecutionState;
import dev.sesame.ExecutionUnknownException;
import dev.sesame.InvalidRequestException;
import dev.sesame.UnhandledActionException;
import dev.sesame.testing.FakeBroker;
import dev.sesame.testing.FakeBrokerExtension;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(FakeBrokerExtension.class)
class DecisionHandlersTest {
    @Test
    void aHandlerRunsOnceOnItsCallersThreadWithWhatWasApproved(FakeBroker broker) throws Exception {
        try (BlockingSesame sesame = Questions.of(broker)) {
            List<String> handled = new ArrayList<>();
            DecisionHandlers handlers = DecisionHandlers.builder(sesame)
                    .on(
                            Questions.ACTION,
                            event -> handled.add(
                                    event.contextAs(Questions.Refund.class).amount() + " on "
                                            + Thread.currentThread().threadId()))
                    .build();
            String id = Deliveries.ask(sesame);
            broker.approver("ana").approves(id);
            WebhookEvent event = Deliveries.event(broker, Deliveries.only(broker));
            assertThat(handlers.dispatch(event).hasRun()).isTrue();
            DispatchResult again = handlers.dispatch(event);
            assertThat(again.isRepeat()).isTrue();
            assertThat(again.mayAcknowledge()).isTrue();
            DecisionHandlers elsewhere = DecisionHandlers.builder(sesame)
                    .on(Questions.ACTION, repeated -> handled.add("twice"))
                    .build();
            assertThat(elsewhere.dispatch(event).isRepeat()).isTrue();
            assertThat(handled)
                    .containsExactly("4200 on " + Thread.currentThread().threadId());
            broker.assertRanOnce(id);
        }
    }

    @Test
    void whileAnotherCallRunsItTheWebhookIsToComeAgain(FakeBroker broker) throws Exception {
        try (BlockingSesame sesame = Questions.of(broker)) {
            CountDownLatch started = new CountDownLatch(1);
            CountDownLatch mayEnd = new CountDownLatch(1);
            DecisionHandlers handlers = DecisionHandlers.builder(sesame)
                    .on(Questions.ACTION, event -> {
                        started.countDown();
                        mayEnd.await(20, TimeUnit.SECONDS);
                    })
                    .build();
            broker.approver("ana").approves(Deliveries.ask(sesame));
            WebhookEvent event = Deliveries.event(broker, Deliveries.only(broker));
            Thread first = Thread.ofVirtual().start(() -> dispatch(handlers, event));
            assertThat(started.await(20, TimeUnit.SECONDS)).isTrue();
            DispatchResult second = handlers.dispatch(event);
            assertThat(second.isRepeat()).isTrue();
            assertThat(second.mayAcknowledge()).isFalse();
            mayEnd.countDown();
            assertThat(first.join(Eventually.AT_MOST)).isTrue();
            assertThat(handlers.dispatch(event).mayAcknowledge()).isTrue();
        }
    }

    @Test
    void anExceptionLeavesTheOutcomeUnknownAndOnlyAtLeastOnceRunsItAgain(FakeBroker broker) throws Exception {
        try (BlockingSesame sesame = Questions.of(broker)) {
            broker.approver("ana").approves(Deliveries.ask(sesame));
            WebhookEvent event = Deliveries.event(broker, Deliveries.only(broker));
            IOException mine = new IOException("mine");
            AtomicInteger runs = new AtomicInteger();
            DecisionHandler failing = failed -> {
                if (runs.incrementAndGet() == 1) throw mine;
            };
            DecisionHandlers once = DecisionHandlers.builder(sesame)
                    .on(Questions.ACTION, failing)
                    .build();
            assertThatThrownBy(() -> once.dispatch(event)).isSameAs(mine);
            assertThat(Questions.state(broker)).isEqualTo(ExecutionState.UNKNOWN);
            assertThatThrownBy(() -> once.dispatch(event)).isExactlyInstanceOf(ExecutionUnknownException.class);
            assertThat(runs).hasValue(1);
            DecisionHandlers often = DecisionHandlers.builder(sesame)
                    .on(Questions.ACTION, failing)
                    .atLeastOnce()
                    .build();
            assertThat(often.dispatch(event).hasRun()).isTrue();
            assertThat(runs).hasValue(2);
        }
    }

    @Test
    void anExceptionThatIsSafeToRetryLetsTheNextDeliveryRunIt(FakeBroker broker) throws Exception {
        try (BlockingSesame sesame = Questions.of(broker)) {
            broker.approver("ana").approves(Deliveries.ask(sesame));
            WebhookEvent event = Deliveries.event(broker, Deliveries.only(broker));
            AtomicInteger runs = new AtomicInteger();
            DecisionHandlers handlers = DecisionHandlers.builder(sesame)
                    .on(Questions.ACTION, problem -> problem instanceof IOException, failed -> {
                        if (runs.incrementAndGet() == 1) throw new IOException("refused at the door");
                    })
                    .build();
            assertThatThrownBy(() -> handlers.dispatch(event)).isInstanceOf(IOException.class);
            assertThat(handlers.dispatch(event).hasRun()).isTrue();
            assertThat(runs).hasValue(2);
        }
    }

    @Test
    void theOtherEndsAreToldToTheirHandlers(FakeBroker broker) throws Exception {
        try (BlockingSesame sesame = Questions.of(broker)) {
            List<String> told = new ArrayList<>();
            DecisionHandlers handlers = DecisionHandlers.builder(sesame)
                    .onDenied(event -> told.add("denied: " + event.note().orElse("")))
                    .onExpired(event -> told.add("expired"))
                    .onCancelled(event -> told.add("cancelled"))
                    .build();
            broker.approver("ana").denies(Deliveries.ask(sesame), "no");
            sesame.cancel(Deliveries.ask(sesame));
            Deliveries.ask(sesame);
            broker.getClock().advance(Duration.ofDays(2));
            for (var webhook : broker.getWebhooks()) handlers.dispatch(Deliveries.event(broker, webhook));
            assertThat(told).containsExactlyInAnyOrder("denied: no", "expired", "cancelled");
        }
    }

    @Test
    void whatHasNoHandlerIsAnErrorUnlessItIsIgnoredOrThereIsAnother(FakeBroker broker) throws Exception {
        try (BlockingSesame sesame = Questions.of(broker)) {
            broker.approver("ana").approves(Deliveries.ask(sesame, "deploys.production"));
            WebhookEvent event = Deliveries.event(broker, Deliveries.only(broker));
            DecisionHandlersBuilder builder = DecisionHandlers.builder(sesame).on(Questions.ACTION, never -> {});
            assertThatThrownBy(() -> builder.build().dispatch(event))
                    .isExactlyInstanceOf(UnhandledActionException.class)
                    .hasMessageContaining("deploys.production")
                    .hasMessageContaining(Questions.ACTION);
            DispatchResult ignored = DecisionHandlers.builder(sesame)
                    .ignore("deploys.production")
                    .build()
                    .dispatch(event);
            assertThat(ignored.hasRun()).isFalse();
            assertThat(ignored.mayAcknowledge()).isTrue();
            List<String> others = new ArrayList<>();
            DecisionHandlers otherwise =
                    builder.otherwise(other -> others.add(other.action())).build();
            assertThat(otherwise.dispatch(event).hasRun()).isTrue();
            assertThat(others).containsExactly("deploys.production");
        }
    }

    @Test
    void whatNobodyVerifiedIsNotDispatchedAndNothingHasTwoHandlers(FakeBroker broker) throws Exception {
        try (BlockingSesame sesame = Questions.of(broker)) {
            broker.approver("ana").approves(Deliveries.ask(sesame));
            WebhookEvent unverified =
                    WebhookEvent.parseUnverified(Deliveries.only(broker).getBody());
            DecisionHandlersBuilder builder = DecisionHandlers.builder(sesame).on(Questions.ACTION, never -> {});
            assertThatThrownBy(() -> builder.build().dispatch(unverified)).isInstanceOf(InvalidRequestException.class);
            assertThatThrownBy(() -> builder.on(Questions.ACTION, never -> {}))
                    .isInstanceOf(InvalidRequestException.class);
            assertThatThrownBy(() -> builder.ignore(Questions.ACTION)).isInstanceOf(InvalidRequestException.class);
        }
    }

    private static void dispatch(DecisionHandlers handlers, WebhookEvent event) {
        try {
            handlers.dispatch(event);
        } catch (Exception never) {
            throw new AssertionError(never);
        }
    }
}
