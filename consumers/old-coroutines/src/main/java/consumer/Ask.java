package consumer;

import dev.sesame.SesameException;
import dev.sesame.java.BlockingSesame;

/** A program that says in a line why it can't begin. */
public final class Ask {
    public static void main(String[] args) {
        try (var sesame = BlockingSesame.builder().apiKey("sk_live_none").build()) {
            System.out.println("made " + sesame);
        } catch (SesameException problem) {
            System.err.println(problem.getMessage());
            System.exit(1);
        }
    }
}
