package dev.sesame.java.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sesame.InvalidRequestException;
import dev.sesame.java.RequireApproval;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GateParameterNamesTest {
    private static final String SOURCE = """
            import dev.sesame.java.RequireApproval;

            public interface Refunds {
                @RequireApproval(action = "payments.refund")
                void refund(long amount);
            }
            """;

    @TempDir
    Path folder;

    @Test
    void anInterfaceCompiledWithoutThemIsRefusedAndToldWhatToDo() throws Exception {
        try (URLClassLoader loader = compiled()) {
            assertThatThrownBy(() -> gate(loader.loadClass("Refunds")))
                    .isInstanceOf(InvalidRequestException.class)
                    .hasMessage(
                            "Refunds.refund(long): the names of its parameters were not compiled in: compile with -parameters "
                                    + "(in Maven <parameters>true</parameters> for the maven-compiler-plugin)");
        }
    }

    @Test
    void anInterfaceCompiledWithThemIsGated() throws Exception {
        try (URLClassLoader loader = compiled("-parameters")) {
            assertThat(gate(loader.loadClass("Refunds"))).hasToString("Refunds(payments.refund)");
        }
    }

    private static <T> T gate(Class<T> type) {
        Object nothing =
                Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, values) -> null);
        return Person.approving().gate(type, type.cast(nothing));
    }

    private URLClassLoader compiled(String... options) throws IOException {
        Path source = Files.writeString(folder.resolve("Refunds.java"), SOURCE);
        String classes = RequireApproval.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .getPath();
        List<String> arguments = new ArrayList<>(List.of("-proc:none", "-cp", classes, "-d", folder.toString()));
        arguments.addAll(List.of(options));
        arguments.add(source.toString());
        assertThat(ToolProvider.getSystemJavaCompiler().run(null, null, null, arguments.toArray(String[]::new)))
                .isZero();
        return new URLClassLoader(new URL[] {folder.toUri().toURL()}, getClass().getClassLoader());
    }
}
