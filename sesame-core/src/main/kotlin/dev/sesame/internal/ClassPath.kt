package dev.sesame.internal

/** The libraries a client runs on, by the names of their jars, with the versions that [loader] finds; without what tells none. */
internal fun versionsOn(loader: ClassLoader?): Map<String, String> = buildMap {
    put("kotlin-stdlib", KotlinVersion.CURRENT.toString())
    witnesses.forEach { (library, className) -> versionOf(library, className, loader)?.let { put(library, it) } }
}

/** A class that each has, and no other jar. */
private val witnesses = mapOf(
    "kotlinx-coroutines-core" to "kotlinx.coroutines.Job",
    "kotlinx-serialization-core" to "kotlinx.serialization.KSerializer",
    "ktor-client-core" to "io.ktor.client.HttpClient",
    "ktor-http" to "io.ktor.http.HttpMethod",
    "ktor-io" to "io.ktor.utils.io.ByteReadChannel",
)

/** `null` where the library isn't there, can't be linked, or may not be looked at: then it isn't judged. */
private fun versionOf(library: String, className: String, loader: ClassLoader?): String? = try {
    val witness = Class.forName(className, false, loader)
    witness.protectionDomain?.codeSource?.location?.let { versionInName(library, it.toString()) } ?: versionInManifest(library, witness)
} catch (_: ClassNotFoundException) {
    null
} catch (_: LinkageError) {
    null
} catch (_: SecurityException) {
    null
}

/** As in `…/ktor-http-jvm-3.4.3.jar`, also where that jar lies within another. */
internal fun versionInName(library: String, location: String): String? =
    Regex("""(?:^|[/.])${Regex.escape(library)}(?:-jvm)?-(\d[^/!]*)\.jar(?:!/)?$""").find(location)?.groupValues?.get(1)

/** Of use only under the library's own title: where all jars were made one, the version is the application's. */
private fun versionInManifest(library: String, witness: Class<*>): String? =
    witness.`package`?.takeIf { it.implementationTitle == library }?.implementationVersion
