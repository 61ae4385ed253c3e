package dev.sesame.java.internal;

import java.lang.reflect.Method;
import java.util.List;

/** What makes two methods of one object the same: the name and the parameters' classes. */
record Signature(String name, List<Class<?>> parameters) {
    static Signature of(Method method) {
        return new Signature(method.getName(), List.of(method.getParameterTypes()));
    }
}
