package dev.sesame.broker

import dev.sesame.broker.access.Sessions
import dev.sesame.broker.access.SignInAttempts
import dev.sesame.broker.access.Site
import dev.sesame.broker.access.passkey.Passkeys
import dev.sesame.broker.address.TrustedProxies
import dev.sesame.broker.approval.CastVote
import dev.sesame.broker.approval.ExtendExpiry
import dev.sesame.broker.approval.ReadApproval
import dev.sesame.broker.approval.ReportOutcome
import dev.sesame.broker.approval.SearchInbox
import dev.sesame.broker.inbox.AppFiles
import dev.sesame.broker.inbox.Assets
import dev.sesame.broker.inbox.DevicePages
import dev.sesame.broker.inbox.EditPages
import dev.sesame.broker.inbox.ExtendPages
import dev.sesame.broker.inbox.Forms
import dev.sesame.broker.inbox.InboxPage
import dev.sesame.broker.inbox.News
import dev.sesame.broker.inbox.Pages
import dev.sesame.broker.inbox.PasskeyPages
import dev.sesame.broker.inbox.PasskeySignIn
import dev.sesame.broker.inbox.ReadCorrespondence
import dev.sesame.broker.inbox.RequestPage
import dev.sesame.broker.inbox.SessionPages
import dev.sesame.broker.inbox.SettlePages
import dev.sesame.broker.inbox.ShowRequest
import dev.sesame.broker.inbox.SignInPages
import dev.sesame.broker.inbox.StepUp
import dev.sesame.broker.inbox.TelegramPage
import dev.sesame.broker.inbox.Visitors
import dev.sesame.broker.notice.push.Push
import dev.sesame.broker.notice.telegram.LinkTelegram
import dev.sesame.broker.store.AccessStore
import dev.sesame.broker.store.DeliveryStore
import dev.sesame.broker.store.NoticeStore
import io.ktor.server.routing.Route
import java.time.InstantSource
import kotlin.time.TimeSource

/** What browsers ask for: the web inbox and its pages. */
internal class InboxWiring(
    private val read: ReadApproval,
    private val vote: CastVote,
    private val extend: ExtendExpiry,
    private val report: ReportOutcome,
    private val access: AccessStore,
    private val sessions: Sessions,
    private val deliveries: DeliveryStore,
    private val notices: NoticeStore,
    private val linkTelegram: LinkTelegram?,
    private val news: News,
    private val push: Push?,
    private val passkeys: Passkeys,
    private val stepUp: StepUp,
    private val denyReasons: List<String>,
    private val clock: InstantSource,
    private val proxies: TrustedProxies,
    private val site: () -> Site,
) {
    fun install(route: Route) {
        val pages = Pages(site, clock, push?.publicKey)
        val forms = Forms(site)
        val visitors = Visitors(sessions, site, access::groupsOf)
        Assets.install(route)
        AppFiles(pages).install(route)
        val attempts = SignInAttempts(TimeSource.Monotonic)
        SignInPages(pages, forms, visitors, attempts, proxies, site).install(route)
        PasskeySignIn(pages, forms, visitors, attempts, proxies, passkeys, site).install(route)
        PasskeyPages(pages, forms, visitors, passkeys, site).install(route)
        DevicePages(pages, forms, visitors, push?.devices).install(route)
        SessionPages(pages, forms, visitors, sessions, hasTelegram = linkTelegram != null).install(route)
        TelegramPage(pages, forms, visitors, linkTelegram).install(route)
        InboxPage(pages, visitors, SearchInbox(read, access), news).install(route)
        val correspondence = ReadCorrespondence(notices, deliveries, access)
        val show =
            ShowRequest(pages, forms, visitors, read, access, correspondence, news, stepUp, denyReasons, extend.atMost)
        val edits = EditPages(pages, show, vote, stepUp).also { it.install(route) }
        RequestPage(pages, show, edits, vote, stepUp, denyReasons).install(route)
        ExtendPages(pages, show, extend).install(route)
        SettlePages(pages, show, report).install(route)
    }
}
