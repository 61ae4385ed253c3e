package dev.sesame.samples.payout;

import dev.sesame.AlreadyClaimedException;
import dev.sesame.AlreadyExecutedException;
import dev.sesame.ApprovalDeniedException;
import dev.sesame.SesameException;
import dev.sesame.java.Approval;
import dev.sesame.java.ApprovalRequest;
import dev.sesame.java.BlockingSesame;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** Pays a supplier once people agreed. Two callers ask the same, one with a future and one that blocks its thread; one of them pays. */
public final class Payout {
    record Transfer(String supplier, String iban, long cents) {}

    public static void main(String[] args) {
        try (BlockingSesame sesame = BlockingSesame.fromEnvironment()) {
            ApprovalRequest request = ApprovalRequest.builder("payouts.transfer")
                    .summary("Pay 1,250.00 to Acme Supplies")
                    .reason("Invoice 2026-118 is due today")
                    .context(new Transfer("Acme Supplies", "DE89370400440532013000", 125_000))
                    .dedupKey("invoice-2026-118 " + UUID.randomUUID()) // of a real invoice, its number alone
                    .build();
            System.out.println("Asking for a payout of 1,250.00 to Acme Supplies, twice, and waiting…");
            CompletableFuture<String> future =
                    sesame.async().approve(request, Payout::pay).exceptionally(Payout::inWords);
            CompletableFuture<String> blocked =
                    CompletableFuture.supplyAsync(() -> paidByBlocking(sesame, request), Thread::startVirtualThread);
            System.out.println("The future says: " + future.join());
            System.out.println("The blocked thread says: " + blocked.join());
        } catch (SesameException | CompletionException problem) {
            Throwable failure = problem instanceof CompletionException ? problem.getCause() : problem;
            System.err.println("payout: " + failure.getMessage());
            System.exit(1);
        }
    }

    private static String paidByBlocking(BlockingSesame sesame, ApprovalRequest request) {
        try {
            return sesame.approve(request, Payout::pay);
        } catch (InterruptedException | SesameException problem) {
            return inWords(problem);
        }
    }

    /** Stands for the bank: the thing that must not happen without a yes. It gets what was approved, from nowhere else. */
    private static String pay(Approval approval) {
        Transfer transfer = approval.contextAs(Transfer.class);
        return "paid %d cents to %s".formatted(transfer.cents(), transfer.supplier());
    }

    private static String inWords(Throwable problem) {
        return switch (problem) {
            case ApprovalDeniedException denied -> "nothing was paid: " + denied.getMessage();
            case AlreadyClaimedException elsewhere -> "the other caller is paying it";
            case AlreadyExecutedException elsewhere -> "the other caller has paid it";
            default -> throw new CompletionException(problem);
        };
    }
}
