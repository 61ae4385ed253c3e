package dev.sesame.checks;

import dev.sesame.Receipt;
import dev.sesame.ReceiptKeys;
import dev.sesame.ReceiptVerifier;
import dev.sesame.java.BlockingSesame;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

// What docs/receipts.md shows of Java, compiled, and run by ReceiptPageTest.

final class JavaReceiptPage {
    private JavaReceiptPage() {}

    static BlockingSesame strictClient(String key, String url, Path jwks) throws IOException {
        ReceiptKeys keys = ReceiptKeys.fromJwks(Files.readString(jwks));
        BlockingSesame sesame = BlockingSesame.builder()
                .apiKey(key)
                .brokerUrl(url)
                .requireReceipt(keys)
                .build();
        return sesame;
    }

    static Receipt verify(Path jwks, String text) throws IOException {
        Receipt receipt = new ReceiptVerifier(ReceiptKeys.fromJwks(Files.readString(jwks))).verify(text);
        return receipt;
    }
}
