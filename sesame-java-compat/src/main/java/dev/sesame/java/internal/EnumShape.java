package dev.sesame.java.internal;

/** A constant of an enum, by its name. */
record EnumShape(Class<?> type) implements Shape {
    @Override
    public Object write(Object value, Place place) {
        return ((Enum<?>) value).name();
    }

    @Override
    public Object read(Object tree, Place place) {
        for (Object constant : type.getEnumConstants()) {
            if (((Enum<?>) constant).name().equals(tree)) return constant;
        }
        throw new Unfit(place, "is no name of " + type.getSimpleName());
    }

    @Override
    public boolean isSingle() {
        return true;
    }
}
