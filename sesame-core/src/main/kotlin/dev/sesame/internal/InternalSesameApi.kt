package dev.sesame.internal

/** Marks what only Sesame's own modules may call; it changes without notice. */
@RequiresOptIn("Only for Sesame's own modules; it changes without notice.")
@Retention(AnnotationRetention.BINARY)
@Target(AnnotationTarget.CLASS, AnnotationTarget.FUNCTION, AnnotationTarget.CONSTRUCTOR, AnnotationTarget.PROPERTY)
public annotation class InternalSesameApi
