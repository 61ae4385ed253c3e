package dev.sesame.broker

import dev.sesame.broker.access.Enrol
import dev.sesame.broker.access.Ids
import dev.sesame.broker.access.Sessions
import dev.sesame.broker.access.Site
import dev.sesame.broker.delivery.AdmitEndpoint
import dev.sesame.broker.delivery.EndpointRegister
import dev.sesame.broker.delivery.Redeliver
import dev.sesame.broker.inbox.Forms
import dev.sesame.broker.inbox.Pages
import dev.sesame.broker.inbox.Visitors
import dev.sesame.broker.inbox.admin.ApproverPage
import dev.sesame.broker.inbox.admin.ApproverPages
import dev.sesame.broker.inbox.admin.ChannelPages
import dev.sesame.broker.inbox.admin.Counter
import dev.sesame.broker.inbox.admin.DeliveryPage
import dev.sesame.broker.inbox.admin.DeliveryPages
import dev.sesame.broker.inbox.admin.EndpointPage
import dev.sesame.broker.inbox.admin.EndpointPages
import dev.sesame.broker.inbox.admin.RequesterPage
import dev.sesame.broker.inbox.admin.RequesterPages
import dev.sesame.broker.inbox.admin.RevokeApproverPage
import dev.sesame.broker.inbox.admin.RevokeKeyPages
import dev.sesame.broker.inbox.admin.SignInLinks
import dev.sesame.broker.store.AccessStore
import dev.sesame.broker.store.ApprovalStore
import dev.sesame.broker.store.DeliveryStore
import dev.sesame.broker.store.EndpointStore
import io.ktor.server.routing.Route
import java.time.InstantSource

/** The admin's pages, over the same use cases as the admin's calls. */
internal class AdminWiring(
    private val access: AccessStore,
    private val approvals: ApprovalStore,
    private val endpoints: EndpointStore,
    private val deliveries: DeliveryStore,
    private val enrol: Enrol,
    private val sessions: Sessions,
    private val register: EndpointRegister,
    private val admit: AdmitEndpoint,
    private val redeliver: Redeliver,
    private val notices: NoticeWiring,
    private val ids: Ids,
    private val clock: InstantSource,
    private val site: () -> Site,
) {
    fun install(route: Route) {
        val counter = Counter(Pages(site, clock), Forms(site), Visitors(sessions, site, access::groupsOf))
        val links = SignInLinks(access, sessions, site)
        RequesterPages(counter, access, enrol, ids).install(route)
        RequesterPage(counter, access, approvals, enrol, ids).install(route)
        RevokeKeyPages(counter, access, approvals, enrol).install(route)
        ApproverPages(counter, access, sessions, notices.store::contacts, enrol, links, ids).install(route)
        ApproverPage(counter, access, sessions, notices.store::contacts, links, notices.linkTelegram).install(route)
        RevokeApproverPage(counter, access, sessions, enrol).install(route)
        EndpointPages(counter, access, endpoints, deliveries, admit).install(route)
        EndpointPage(counter, access, endpoints, register, admit, clock).install(route)
        DeliveryPages(counter, access, endpoints, deliveries).install(route)
        DeliveryPage(counter, access, deliveries, redeliver).install(route)
        ChannelPages(counter, access, notices.store, notices.channels, clock).install(route)
    }
}
