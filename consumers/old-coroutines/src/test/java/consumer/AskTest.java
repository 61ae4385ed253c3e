package consumer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class AskTest {
    @Test
    @Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void theProgramSaysInOneLineWhichLibraryIsTooOldAndWhatToDo() throws IOException, InterruptedException {
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        var program = new ProcessBuilder(java, "-cp", System.getProperty("java.class.path"), "consumer.Ask")
                .redirectErrorStream(true)
                .start();
        var said = new String(program.getInputStream().readAllBytes(), StandardCharsets.UTF_8).lines()
                .filter(line -> !line.startsWith("SLF4J"))
                .toList();
        assertEquals(1, program.waitFor(), said::toString);
        assertEquals(1, said.size(), said::toString);
        var line = said.getFirst();
        assertTrue(
                line.startsWith("the libraries on the class path don't go together: "
                        + "kotlinx-coroutines-core 1.8.1 is too old: 1.9.0 or newer is needed. "
                        + "Import dev.sesame:sesame-bom before other BOMs."),
                line);
    }
}
