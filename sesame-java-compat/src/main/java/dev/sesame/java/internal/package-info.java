/** What the two views share; not for others: it changes without notice. */
@NullMarked
package dev.sesame.java.internal;

import org.jspecify.annotations.NullMarked;
