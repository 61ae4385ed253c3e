package dev.sesame.checks.behaviour;

import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** One scenario: a caller of its own, an action that nobody else asks for, and calls that wait beside the test. */
final class Asking implements AutoCloseable {
    private static final int SECONDS = 40;
    private final World world;
    private final Caller caller;
    private final String action = "behaviour." + UUID.randomUUID();

    Asking(World world) {
        this.world = world;
        caller = world.caller();
    }

    World world() {
        return world;
    }

    Caller caller() {
        return caller;
    }

    People people() {
        return world.people();
    }

    String action() {
        return action;
    }

    String pending() {
        return people().asked(action);
    }

    String never() {
        throw new AssertionError("this must not run");
    }

    Waiting approve(Function<Seen, String> block) {
        return approve(Ask.of(action), How.PLAIN, block);
    }

    Waiting approve(Ask ask, How how, Function<Seen, String> block) {
        return new Waiting(() -> caller.approve(ask, how, block));
    }

    /** Whichever of the calls ends first. */
    Waiting firstDone(List<Waiting> calls) throws Exception {
        var any =
                CompletableFuture.anyOf(calls.stream().map(call -> call.result).toArray(CompletableFuture[]::new));
        any.handle((value, problem) -> value).get(SECONDS, TimeUnit.SECONDS);
        return calls.stream().filter(call -> call.result.isDone()).findFirst().orElseThrow();
    }

    @Override
    public void close() {
        caller.close();
    }

    /** A call under way on a thread of its own. */
    static final class Waiting {
        private final CompletableFuture<String> result = new CompletableFuture<>();
        private final Thread thread;

        private Waiting(Call call) {
            thread = Thread.startVirtualThread(() -> {
                try {
                    result.complete(call.run());
                } catch (Throwable problem) {
                    result.completeExceptionally(problem);
                }
            });
        }

        /** What it returned or threw, within the time that any of these may take. */
        String get() throws Exception {
            try {
                return result.get(SECONDS, TimeUnit.SECONDS);
            } catch (ExecutionException problem) {
                if (problem.getCause() instanceof Exception cause) throw cause;
                throw problem;
            }
        }

        void leave() {
            thread.interrupt();
        }

        /** Whether it ended by leaving, which is no failure of the client. */
        boolean hasLeft() throws Exception {
            var end = result.handle((value, problem) -> problem).get(SECONDS, TimeUnit.SECONDS);
            return end instanceof InterruptedException;
        }
    }

    private interface Call {
        String run() throws Exception;
    }
}
