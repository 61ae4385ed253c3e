package dev.sesame.java;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Puts an approval before a method of an interface: {@code sesame.gate(Refunds.class, implementation)} returns a {@code Refunds} whose
 * annotated methods ask, wait, and run the implementation at most once, only on a yes.
 *
 * <pre>{@code
 * interface Refunds {
 *     @RequireApproval(action = "payments.refund", summary = "Refund {amount} to {customer}", dedupKey = "refund-{ticket}")
 *     Receipt refund(long amount, String customer, String ticket);
 * }
 * }</pre>
 *
 * <p>The arguments are the context, by the names of the parameters (compile with {@code -parameters}). The implementation gets them as
 * approved, with an approver's edits, not as the caller passed them. Parameters may be of the types that
 * {@link ApprovalRequest.Builder#context(java.util.Map)} names, and of generic types such as {@code List<Refund>}. What is declared as
 * {@code Object} arrives as plain JSON values: a record as a map, a whole number as a {@code Long}. A method may return
 * anything but what runs later, except {@link java.util.concurrent.CompletableFuture} and
 * {@link java.util.concurrent.CompletionStage}: then it never blocks, and it has run when that is complete.
 *
 * <p>{@code {name}} in a text stands for an argument, {@code {refund.amount}} for a component of an argument that is a record. Any other
 * brace is a mistake, and so is everything else that can't work: {@code gate} refuses it at once, with
 * {@link dev.sesame.InvalidRequestException}.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface RequireApproval {
    /** The stable key of what will be done, 1 to 200 characters, such as {@code payments.refund}. The same for all arguments. */
    String action();

    /** The line the human reads, with arguments filled in; cut after 500 characters. "Run" and the action where empty. */
    String summary() default "";

    /** Why it should be done, with arguments filled in; cut after 4,000 characters. */
    String reason() default "";

    /**
     * The caller's own id for the question, with arguments filled in, to 255 characters: the same call again, after a crash or from
     * another process, finds the same approval. Only text, numbers, booleans and what stands as text may be filled in, and none that is
     * {@code null} or empty. Where empty, each call asks anew.
     */
    String dedupKey() default "";

    /** How long people may take, as ISO-8601 text such as {@code PT4H}, 10 s to 30 days; the broker's default, a day, where empty. */
    String expiresIn() default "";

    /** Which parameters an approver may change before approving, by their names. The implementation gets them as approved. */
    String[] editable() default {};

    /** How many distinct people must approve, 1 to 10. */
    int approvalsRequired() default 1;

    /** Whose members may answer, to 10 groups; every approver where empty. */
    String[] groups() default {};
}
