package dev.sesame.broker.policy.yaml

import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.datatest.withData
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldStartWith

private fun problem(text: String): String = shouldThrow<BadPolicy> { PolicyText.parse(text.toByteArray()) }.message.orEmpty()

/** A rule that is right but for the lines of [wrong], which begin at line 6. */
private fun withRule(wrong: String, effect: String = "permit") =
    "version: 1\nrules:\n  - name: one\n    action: a.b\n    effect: $effect\n" + wrong.lines().joinToString("") { "    $it\n" }

class BadPolicyTest :
    FunSpec({
        val ruleKeys =
            "name, action, requester, when, effect, reason, redact, approvals_required, groups, approvals_per_group, allow_self, " +
                "expires_in, channels, reminders, escalation"

        withData(
            nameFn = { (text, problem) -> "$problem <- ${text.lines().joinToString(" / ")}" },
            "" to "a policy is a mapping with the keys version, rules",
            "# nothing" to "a policy is a mapping with the keys version, rules",
            "- one" to "a policy is a mapping with the keys version, rules",
            "rules: []" to "line 1, column 1: the policy needs the key version",
            "version: 1" to "line 1, column 1: the policy needs the key rules",
            "version: 2\nrules: []" to "line 1, column 10: version must be 1",
            "version: '1'\nrules: []" to "line 1, column 10: version must be 1",
            "version: 1\nrules: []\nrule: []" to "line 3, column 1: rule is no key of the policy; there are version, rules",
            "version: 1\nrules: []\nrules: []" to "line 3, column 1: rules stands in the policy twice",
            "version: 1\nrules: one" to "line 2, column 8: rules must be a list: each with a - before it",
            "version: 1\nrules: [one]" to "line 2, column 9: a rule is a mapping with the keys $ruleKeys",
            "version: 1\nrules: []\n? [a]\n: b" to "line 3, column 3: a key of the policy is a plain word",
            "version: 1\nrules:\n  - action: a.b\n    effect: deny" to "line 3, column 5: a rule needs the key name",
            "version: 1\nrules:\n  - name: one\n    effect: deny" to "line 3, column 5: a rule needs the key action",
            "version: 1\nrules:\n  - name: one\n    action: a.b" to "line 3, column 5: a rule needs the key effect",
            withRule("when: context.x < 1\nunless: true") to "line 7, column 5: unless is no key of a rule; there are $ruleKeys",
            withRule("name: two") to "line 6, column 5: name stands in a rule twice",
            withRule("requester: 12") to "line 6, column 16: requester must be a text: put it in quotes",
            withRule("requester: []") to "line 6, column 16: requester must be one of them, or a list of 1 to 50",
            withRule("requester: [a, a]") to "line 6, column 16: requester names a twice",
            withRule("requester: [a, [b]]") to "line 6, column 20: requester must be a text",
            withRule("reason: ''") to "line 6, column 13: reason must have 1 to 500 characters, not 0",
            withRule("reason: \"\\a\"") to "line 6, column 13: reason must not have control characters",
            withRule("when: context.x <") to
                "line 6, column 22: when is no condition in CEL: mismatched input '<EOF>' expecting {'[', '{', '(', '.', '-', '!', " +
                "'true', 'false', 'null', NUM_FLOAT, NUM_INT, NUM_UINT, STRING, BYTES, IDENTIFIER}",
            withRule("when: context.x < 1 && amount < 2") to
                "line 6, column 28: when is no condition in CEL: undeclared reference to 'amount' (in container '')",
            withRule("when: true") to "line 6, column 11: when must be a text: put it in quotes",
            withRule("when: |\n  context.x < 1 &&\n  amount < 2") to
                "line 6, column 11: when is no condition in CEL: undeclared reference to 'amount' (in container '') " +
                "(line 2, column 1 of the condition)",
            withRule("when: [a]") to "line 6, column 11: when must be a text",
            withRule("redact: iban") to "line 6, column 13: redact must be a list: each with a - before it",
            withRule("redact: []") to "line 6, column 13: redact must be a list of 1 to 50",
            withRule("redact: [a, 7]") to "line 6, column 17: redact must be a text: put it in quotes",
            withRule("redact: [a..b]") to "line 6, column 14: redact must be names of fields with a dot between two, such as customer.iban",
            withRule("redact: [a.b.c.d.e.f.g.h.i]") to "line 6, column 14: redact may go through at most 8 names, not 9",
            withRule("redact: [a, {field: a}]") to "line 6, column 17: redact names a twice",
            withRule("redact: [{channels: push}]") to "line 6, column 14: an entry of redact needs the key field",
            withRule("redact: [{field: a, channel: push}]") to
                "line 6, column 25: channel is no key of an entry of redact; there are field, channels",
            withRule("redact: [{field: a, channels: [push, mail]}]") to
                "line 6, column 35: channels names mail; there are telegram, push, webhook, inbox, stored",
            withRule("redact: [{field: ., channels: push}]") to
                "line 6, column 22: field must be names of fields with a dot between two, such as customer.iban",
            withRule("approvals_required: 2") to "line 6, column 25: approvals_required goes with effect: require_approval alone",
            withRule("expires_in: 60", effect = "deny") to "line 6, column 17: expires_in goes with effect: require_approval alone",
            withRule("reason: x", effect = "allow") to "line 5, column 13: effect must be permit, require_approval or deny",
            withRule("approvals_required: 0", effect = "require_approval") to
                "line 6, column 25: approvals_required must be a whole number from 1 to 10",
            withRule("approvals_required: two", effect = "require_approval") to
                "line 6, column 25: approvals_required must be a whole number from 1 to 10",
            withRule("expires_in: 9", effect = "require_approval") to
                "line 6, column 17: expires_in must be a whole number from 10 to 2592000",
            "version: 1\nrules:\n  - {name: '-x', action: a, effect: deny}" to
                "line 3, column 12: name may hold letters, digits, spaces, dots, - and _, and begins with a letter or digit",
            "version: 1\nrules:\n  - {name: x, action: 'a*', effect: deny}" to
                "line 3, column 23: action must be an action such as payments.refund, all below a name such as payments.*, or *",
            "version: 1\nrules:\n  - {name: x, action: a, effect: deny}\n  - {name: x, action: b, effect: deny}" to
                "line 4, column 12: name: the rule at line 3, column 12 is called \"x\" too",
            "version: 1\nrules: [" to "line 2, column 9: this is no YAML: expected the node content, but found '<stream end>'",
            "version: 1\n\trules: []" to "line 2, column 1: this is no YAML: found character '\\t(TAB)' that cannot start any token. " +
                "(Do not use \\t(TAB) for indentation)",
            "version: 1\nrules: []\n---\nversion: 1" to
                "line 3, column 1: a policy is one document: what follows --- isn't part of it",
            "version: 1\nrules: !!set {}" to "line 2, column 8: tags (!) aren't taken",
            "version: !!int 1\nrules: []" to "line 1, column 10: tags (!) aren't taken",
        ) { (text, expected) -> problem(text) shouldBe expected }

        listOf("groups: [a]", "allow_self: true", "channels: []", "reminders: []", "escalation: {}").forEach { line ->
            test("what goes with asking people alone is refused elsewhere: $line") {
                val key = line.substringBefore(':')
                problem(withRule(line)) shouldBe "line 6, column ${key.length + 7}: $key goes with effect: require_approval alone"
            }
        }

        withData(
            nameFn = { (line, problem) -> "$problem <- $line" },
            "groups: []" to "line 6, column 13: groups must be one of them, or a list of 1 to 10",
            "groups: [a, b, c, d, e, f, g, h, i, j, k]" to "line 6, column 13: groups must be one of them, or a list of 1 to 10",
            "allow_self: maybe" to "line 6, column 17: allow_self must be true or false",
            "approvals_per_group: [a]" to "line 6, column 26: approvals_per_group must be a mapping of names to numbers",
            "approvals_per_group: {a: 0}" to "line 6, column 30: a must be a whole number from 1 to 10",
            "approvals_per_group: {a: 6, b: 5}" to "line 6, column 26: approvals_per_group asks for 11 people, at most 10 can be",
            "approvals_per_group: {a: 1}\ngroups: [b]" to "line 6, column 26: approvals_per_group names a, which isn't in groups",
            "approvals_per_group: {a: 2}\napprovals_required: 1" to
                "line 7, column 25: approvals_required is less than the 2 of approvals_per_group",
            "channels: [pigeon]" to "line 6, column 15: channels names pigeon; there are telegram, push",
            "channels: [push, push]" to "line 6, column 15: channels names push twice",
            "channels: [push, telegram, push]" to "line 6, column 15: channels must be one of them, or a list of 0 to 2",
            "channels: {push: true}" to "line 6, column 15: channels must be a text",
            "reminders: 60" to "line 6, column 16: reminders must be a list of at most 5 whole numbers",
            "reminders: [60, 61, 62, 63, 64, 65]" to "line 6, column 16: reminders must be a list of at most 5 whole numbers",
            "reminders: [59]" to "line 6, column 17: reminders must be a whole number from 60 to 2592000",
            "reminders: [60, 2592001]" to "line 6, column 21: reminders must be a whole number from 60 to 2592000",
            "reminders: [60, 90, 90]" to "line 6, column 25: reminders must grow: each number is larger than the one before",
            "reminders: [60, soon]" to "line 6, column 21: reminders must be a whole number from 60 to 2592000",
            "groups: a\nescalation: [b]" to "line 7, column 17: escalation must be a mapping with the keys after, groups",
            "groups: a\nescalation: {after: 60}" to "line 7, column 17: escalation needs the key groups",
            "groups: a\nescalation: {groups: [b]}" to "line 7, column 17: escalation needs the key after",
            "groups: a\nescalation: {after: 9, groups: [b]}" to "line 7, column 25: after must be a whole number from 10 to 2592000",
            "groups: a\nescalation: {after: 60, groups: []}" to "line 7, column 37: groups must be one of them, or a list of 1 to 10",
            "groups: a\nescalation: {after: 60, groups: [b], to: c}" to
                "line 7, column 42: to is no key of escalation; there are after, groups",
            "groups: [a, b]\nescalation: {after: 60, groups: [c, b]}" to
                "line 7, column 37: groups names b, which is asked from the beginning",
            "groups: [a, b, c, d, e, f]\nescalation: {after: 60, groups: [g, h, i, j, k]}" to
                "line 7, column 37: groups makes more than 10 groups in all",
            "groups: a\nexpires_in: 60\nescalation: {after: 60, groups: [b]}" to
                "line 8, column 25: after must be less than expires_in, 60: it is over then",
            "escalation: {after: 60, groups: [b]}" to
                "line 6, column 17: escalation goes with groups or approvals_per_group: else everybody may answer at once",
        ) { (lines, expected) -> problem(withRule(lines, "require_approval")) shouldBe expected }

        test("a policy that is too large is refused before it is read") {
            problem("#".repeat(256 * 1024 + 1)) shouldBe "a policy has at most 262144 bytes, not 262145"
        }

        test("a policy of more than 500 rules is refused at the first that is too many") {
            val rules = (1..501).joinToString("\n") { "  - {name: r$it, action: a, effect: deny}" }
            problem("version: 1\nrules:\n$rules") shouldBe "line 503, column 5: a policy has at most 500 rules, not 501"
        }

        test("a policy that isn't text is refused") {
            shouldThrow<BadPolicy> { PolicyText.parse(byteArrayOf(0xC3.toByte(), 0x28)) }.message shouldBe "a policy is text in UTF-8"
            problem("version: 1\u0000") shouldStartWith "this is no YAML"
        }
    })
