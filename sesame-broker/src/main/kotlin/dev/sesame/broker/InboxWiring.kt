package dev.sesame.broker

import dev.sesame.broker.access.Sessions
import dev.sesame.broker.access.SignInAttempts
import dev.sesame.broker.access.Site
import dev.sesame.broker.approval.CastVote
import dev.sesame.broker.approval.ReadApproval
import dev.sesame.broker.approval.SearchInbox
import dev.sesame.broker.inbox.Assets
import dev.sesame.broker.inbox.Forms
import dev.sesame.broker.inbox.InboxPage
import dev.sesame.broker.inbox.News
import dev.sesame.broker.inbox.Pages
import dev.sesame.broker.inbox.RequestPage
import dev.sesame.broker.inbox.SessionPages
import dev.sesame.broker.inbox.SignInPages
import dev.sesame.broker.inbox.Visitors
import dev.sesame.broker.store.AccessStore
import dev.sesame.broker.store.DeliveryStore
import io.ktor.server.routing.Route
import java.time.InstantSource
import kotlin.time.TimeSource

/** What browsers ask for: the web inbox and its pages. */
internal class InboxWiring(
    private val read: ReadApproval,
    private val vote: CastVote,
    private val access: AccessStore,
    private val sessions: Sessions,
    private val deliveries: DeliveryStore,
    private val news: News,
    private val confirmRisk: Double,
    private val denyReasons: List<String>,
    private val clock: InstantSource,
    private val site: () -> Site,
) {
    fun install(route: Route) {
        val pages = Pages(site, clock)
        val forms = Forms(site)
        val visitors = Visitors(sessions, site)
        Assets.install(route)
        SignInPages(pages, forms, visitors, SignInAttempts(TimeSource.Monotonic), site).install(route)
        SessionPages(pages, forms, visitors, sessions).install(route)
        InboxPage(pages, visitors, SearchInbox(read, access), news).install(route)
        RequestPage(pages, forms, visitors, read, vote, access, deliveries, news, confirmRisk, denyReasons).install(route)
    }
}
