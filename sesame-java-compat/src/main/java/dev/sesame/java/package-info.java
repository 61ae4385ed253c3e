/** The approval gate for Java: two views of one client, {@code AsyncSesame} for futures and {@code BlockingSesame} for (virtual) threads. */
@NullMarked
package dev.sesame.java;

import org.jspecify.annotations.NullMarked;
