package dev.sesame.bench.peers

import dev.restate.sdk.version.Version
import java.nio.file.Path

/** Restate: a handler of its Java SDK in this JVM waits for an awakeable of its server, which is resolved over HTTP. */
internal class RestatePeer : Peer {
    private lateinit var server: RestateServer

    override fun start(dir: Path) {
        val builds = Path.of(System.getProperty("sesame.bench.dir", "target")).toAbsolutePath()
        server = RestateServer(RestatePackage(builds.resolve("restate-${RestatePackage.VERSION}")).program(), dir.toAbsolutePath())
        server.start()
    }

    override fun describe(): List<String> = listOf(
        "server ${RestatePackage.VERSION}, one node (Business Source License: fetched from npm for this alone); ${Version.X_RESTATE_SERVER}",
        "on disk before they are answered: call and decision (its log in RocksDB, WAL with fsync as by default)",
        "handlers on virtual threads, where the SDK by itself takes a platform thread a wait; inactivity timeout 1 h, so that none is suspended",
        "server memory a wait: what the process grew in the machine's memory",
    )

    override fun begin(calls: Calls): Program = RestateProgram(server, calls)

    override fun close() {
        if (this::server.isInitialized) server.close()
    }
}
