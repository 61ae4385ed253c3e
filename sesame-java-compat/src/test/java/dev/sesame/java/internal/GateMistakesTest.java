package dev.sesame.java.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sesame.InvalidRequestException;
import dev.sesame.java.RequireApproval;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.Flow;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class GateMistakesTest {
    interface Plain {
        void run();
    }

    interface OnStatic {
        @RequireApproval(action = "a")
        static void run() {}
    }

    interface OnPrivate {
        @RequireApproval(action = "a")
        private void run() {}

        default void go() {
            run();
        }
    }

    interface OnToString {
        @RequireApproval(action = "a")
        @Override
        String toString();
    }

    sealed interface Sealed permits Sealed.Only {
        @RequireApproval(action = "a")
        void run();

        record Only() implements Sealed {
            @Override
            public void run() {}
        }
    }

    interface TakesThread {
        @RequireApproval(action = "a")
        void run(int count, Thread worker);
    }

    interface TakesNested {
        record Job(String name, List<Thread> workers) {}

        @RequireApproval(action = "a")
        void run(Job job);
    }

    interface TakesArray {
        @RequireApproval(action = "a")
        void run(String... names);
    }

    interface TakesVariable {
        @RequireApproval(action = "a")
        <T> void run(T value);
    }

    interface ReturnsFuture {
        @RequireApproval(action = "a")
        Future<String> run();
    }

    interface ReturnsPublisher {
        @RequireApproval(action = "a")
        Flow.Publisher<String> run();
    }

    interface NoAction {
        @RequireApproval(action = " ")
        void run();
    }

    interface TemplateAction {
        @RequireApproval(action = "run.{name}")
        void run(String name);
    }

    interface NotADuration {
        @RequireApproval(action = "a", expiresIn = "4 hours")
        void run();
    }

    interface TooLong {
        @RequireApproval(action = "a", expiresIn = "P31D")
        void run();
    }

    interface TooShort {
        @RequireApproval(action = "a", expiresIn = "PT-1H")
        void run();
    }

    interface EditsNothing {
        @RequireApproval(action = "a", editable = "amuont")
        void run(long amount);
    }

    interface AsksNobody {
        @RequireApproval(action = "a", approvalsRequired = 0)
        void run();
    }

    static class OnClass implements Plain {
        @Override
        @RequireApproval(action = "a")
        public void run() {}
    }

    static class BelowOnClass extends OnClass {}

    @Test
    void onlyAnInterfaceWithAnAnnotatedMethodCanBeGated() {
        refuses(String.class, "String: only an interface can be gated");
        refuses(RequireApproval.class, "RequireApproval: only an interface can be gated");
        refuses(Sealed.class, "Sealed: a sealed or hidden interface can't be gated");
        refuses(Plain.class, "Plain: none of its methods has @RequireApproval");
    }

    @Test
    void anAnnotationThatWouldDoNothingIsAMistake() {
        refuses(OnStatic.class, "OnStatic.run(): @RequireApproval does nothing on a static or private method");
        refuses(OnPrivate.class, "OnPrivate.run(): @RequireApproval does nothing on a static or private method");
        refuses(OnToString.class, "OnToString.toString(): nobody can be asked about a method of Object");
        assertThatThrownBy(() -> Person.approving().gate(Plain.class, new BelowOnClass()))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage(
                        "OnClass.run(): @RequireApproval does nothing on the method of a class: put it on the interface's");
    }

    @Test
    void whatCouldNotBeEditedOrApprovedIsAMistake() {
        refuses(EditsNothing.class, "EditsNothing.run(long): editable names no parameter: amuont");
        refuses(AsksNobody.class, "AsksNobody.run(): approvalsRequired must be from 1 to 10");
    }

    @Test
    void parametersThatNobodyCanBeShownAreAMistake() {
        refuses(
                TakesThread.class,
                "TakesThread.run(int, Thread): worker is a java.lang.Thread, which no context takes: it takes records, maps");
        refuses(TakesNested.class, "TakesNested.run(Job): job.workers[] is a java.lang.Thread, which no context takes");
        refuses(TakesArray.class, "TakesArray.run(String[]): names is a String[], which no context takes: use a List");
        refuses(TakesVariable.class, "TakesVariable.run(T): value is a T, and nothing says what that stands for");
    }

    @Test
    void whatWouldGoOnAfterTheGateTookItForDoneIsAMistake() {
        refuses(
                ReturnsFuture.class,
                "ReturnsFuture.run(): it returns a Future, and would go on after the gate took it for done: return Comp");
        refuses(ReturnsPublisher.class, "ReturnsPublisher.run(): it returns a Publisher, and would go on");
    }

    @Test
    void anActionIsTheSameForAllArguments() {
        refuses(NoAction.class, "NoAction.run(): action must have 1 to 200 characters");
        refuses(TemplateAction.class, "TemplateAction.run(String): action must be the same for all arguments");
    }

    @Test
    void anExpiryIsADurationThatABrokerTakes() {
        String problem = "expiresIn must be an ISO-8601 duration from PT10S to P30D, such as PT4H";
        refuses(NotADuration.class, "NotADuration.run(): " + problem);
        refuses(TooLong.class, "TooLong.run(): " + problem);
        refuses(TooShort.class, "TooShort.run(): " + problem);
    }

    /** Refused before anything is done with the implementation. */
    static void refuses(Class<?> type, String sentence) {
        assertThatThrownBy(() -> gate(type))
                .isInstanceOfSatisfying(
                        InvalidRequestException.class,
                        it -> assertThat(it.getFields()).hasSize(1))
                .hasMessageStartingWith(sentence);
    }

    private static <T> T gate(Class<T> type) {
        Object nothing = type == String.class
                ? ""
                : type == Sealed.class
                        ? new Sealed.Only()
                        : Proxy.newProxyInstance(
                                type.getClassLoader(), new Class<?>[] {type}, (proxy, method, values) -> null);
        return Person.approving().gate(type, type.cast(nothing));
    }
}
