package consumer;

import dev.sesame.java.BlockingSesame;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;

@SpringBootApplication
public class RefundApplication {
    public static void main(String[] args) {
        SpringApplication.run(RefundApplication.class, args);
    }

    /** From `sesame.api.key` and `sesame.broker.url`, or the environment; Spring closes it. */
    @Bean
    BlockingSesame sesame() {
        return BlockingSesame.fromEnvironment();
    }
}
