package dev.sesame.broker.inbox.admin

/** What was done just now, as the page after it says. The address carries the word alone, so that it can say nothing else. */
internal enum class Done(val sentence: String) {
    REQUESTER_ADDED("The requester was added. Make it a key: without one it can't ask."),
    KEY_REVOKED("The key was revoked. It counts no more, from now on."),
    KEYS_REVOKED("All keys of this requester were revoked. None of them counts, from now on."),
    SIGNED_OUT("Signed out everywhere: every session of this approver has ended, and so has a link on its way."),
    UNLINKED("The Telegram account was unlinked. Nothing more is sent there."),
    APPROVER_REVOKED("This approver's access has ended, with every session, account and token."),
    TURNED_OFF("The endpoint was turned off. What is decided meanwhile isn't sent there."),
    TURNED_ON("The endpoint was turned on. What was held for it is sent now."),
    SECRET_NEWER("Nothing was changed: this endpoint's secret was replaced since that page was loaded."),
    DUE_AGAIN("It is sent again now. Load this page anew to see what came of it."),
    NOT_ENDED("Nothing was changed: it was sent again since that page was loaded."),
    ;

    val word: String get() = name.lowercase().replace('_', '-')

    companion object {
        const val FIELD = "done"

        fun of(word: String): Done? = entries.firstOrNull { it.word == word }
    }
}
