package dev.sesame.broker

import com.github.ajalt.clikt.core.main
import dev.sesame.broker.cli.sesame

/** `sesame`: the broker and every command that talks to one. */
internal fun main(args: Array<String>): Unit = sesame().main(args)
