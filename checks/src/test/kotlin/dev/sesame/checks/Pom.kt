package dev.sesame.checks

import org.w3c.dom.Element
import javax.xml.parsers.DocumentBuilderFactory

/** A `pom.xml` of the tree, as far as the versions go. */
internal class Pom(text: String) {
    private val project = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(text.byteInputStream()).documentElement

    val version: String? = project.child("version")?.textContent
    val properties: Map<String, String> = project.child("properties").texts()
    val managed: Set<String> = project.child("dependencyManagement")?.child("dependencies")?.children().orEmpty()
        .map { entry -> entry.texts().filterKeys { it != "scope" }.toSortedMap().values.joinToString(":") }
        .toSet()

    /** The properties of the profile called [id]. */
    fun profile(id: String): Map<String, String> =
        project.child("profiles")?.children().orEmpty().single { it.child("id")?.textContent == id }.child("properties").texts()

    companion object {
        fun at(path: String): Pom = Pom(SourceTree.files.single { it.path == path }.text)
    }
}

private fun Element.children(): List<Element> = (0 until childNodes.length).mapNotNull { childNodes.item(it) as? Element }

private fun Element.child(name: String): Element? = children().find { it.tagName == name }

private fun Element?.texts(): Map<String, String> = this?.children().orEmpty().associate { it.tagName to it.textContent.trim() }
