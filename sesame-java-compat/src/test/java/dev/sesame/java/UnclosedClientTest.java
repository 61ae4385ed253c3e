package dev.sesame.java;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sesame.testing.FakeBroker;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class UnclosedClientTest {
    @Test
    void itKeepsNoJvmAlive() throws Exception {
        try (FakeBroker broker = new FakeBroker()) {
            Process program = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-cp",
                            System.getProperty("java.class.path"),
                            UnclosedClient.class.getName(),
                            broker.getApiKey(),
                            broker.serve())
                    .redirectErrorStream(true)
                    .start();
            try {
                assertThat(program.waitFor(60, TimeUnit.SECONDS))
                        .as("it ends by itself")
                        .isTrue();
                String said = new String(program.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                assertThat(said).contains("through");
                assertThat(program.exitValue()).as(said).isZero();
            } finally {
                program.destroyForcibly();
            }
        }
    }
}
