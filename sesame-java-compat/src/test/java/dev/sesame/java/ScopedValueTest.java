package dev.sesame.java;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sesame.testing.FakeBroker;
import dev.sesame.testing.FakeBrokerExtension;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.extension.ExtendWith;

/** By reflection: these tests are compiled for Java 21, which has no scoped values yet. */
@ExtendWith(FakeBrokerExtension.class)
@EnabledForJreRange(min = JRE.JAVA_25)
class ScopedValueTest {
    @Test
    void theBlockSeesTheScopedValuesOfItsCaller(FakeBroker broker) throws Exception {
        broker.approver("ana").approvesAll();
        Class<?> type = Class.forName("java.lang.ScopedValue");
        Object tenant = type.getMethod("newInstance").invoke(null);
        Method get = type.getMethod("get");
        List<Object> seen = new ArrayList<>();
        try (BlockingSesame sesame = Questions.of(broker)) {
            Runnable scope = () -> {
                try {
                    seen.add(sesame.approve(Questions.refund(), approval -> get.invoke(tenant)));
                } catch (Exception problem) {
                    seen.add(problem);
                }
            };
            Object carrier = type.getMethod("where", type, Object.class).invoke(null, tenant, "acme");
            carrier.getClass().getMethod("run", Runnable.class).invoke(carrier, scope);
        }
        assertThat(seen).containsExactly("acme");
    }
}
