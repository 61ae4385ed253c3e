package dev.sesame.broker.delivery

import dev.sesame.broker.access.Requester
import dev.sesame.broker.store.AccessStore
import dev.sesame.broker.store.EndpointStore
import dev.sesame.broker.store.Registered
import dev.sesame.rules.FieldProblem
import dev.sesame.rules.Fields
import dev.sesame.rules.Problem
import dev.sesame.rules.ProblemCode
import dev.sesame.rules.invalid

/**
 * Adds and enables webhook endpoints, the same for programs and for pages: it takes the fields one by one, and whatever can't be done is a
 * [Problem] that says why. [judgeUrl] says why a URL may not be called, `null` where nothing speaks against it.
 */
internal class AdmitEndpoint(
    private val access: AccessStore,
    private val endpoints: EndpointStore,
    private val register: EndpointRegister,
    private val judgeUrl: (String) -> String?,
) {
    suspend fun add(fields: Fields): Pair<MadeEndpoint, Requester> {
        val name = fields.text("requester", 1..100, required = true)
        val requester = name?.let { access.requesterNamed(it) ?: fields.refuse("requester", "is no requester's name") }
        val url = fields.url("url", judgeUrl, required = true)
        fields.done()
        val (registered, made) = register.add(requester!!.id, url!!)
        refuse(registered, requester.name)
        return made to requester
    }

    /** Enables it, and returns it as it is then. */
    suspend fun enable(id: String): Endpoint {
        val endpoint = endpoints.endpoint(id) ?: throw noEndpoint()
        refuse(register.enable(id), access.requester(endpoint.requesterId)?.name.orEmpty())
        return endpoints.endpoint(id) ?: throw noEndpoint()
    }

    private fun refuse(registered: Registered, requester: String) {
        when (registered) {
            Registered.DONE -> Unit

            Registered.ABSENT -> throw noEndpoint()

            Registered.URL_TAKEN -> throw Problem(ProblemCode.NAME_TAKEN, "$requester has an endpoint with that URL, enabled or not")

            Registered.TOO_MANY ->
                throw invalid(
                    FieldProblem("requester", "has ${EndpointRegister.MOST_ENABLED} endpoints enabled, the most: disable one first"),
                )
        }
    }
}

internal fun noEndpoint() = Problem(ProblemCode.NOT_FOUND, "there is no such endpoint")
