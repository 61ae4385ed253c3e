package dev.sesame.broker.policy

import dev.cel.common.CelErrorCode
import dev.cel.common.CelOptions
import dev.cel.common.CelValidationException
import dev.cel.common.ast.CelExpr
import dev.cel.common.types.MapType
import dev.cel.common.types.NullableType
import dev.cel.common.types.SimpleType
import dev.cel.common.values.NullValue
import dev.cel.compiler.CelCompilerFactory
import dev.cel.parser.CelStandardMacro
import dev.cel.runtime.CelEvaluationException
import dev.cel.runtime.CelEvaluationListener
import dev.cel.runtime.CelRuntime
import dev.cel.runtime.CelRuntimeFactory
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive

/**
 * A condition in CEL, the Common Expression Language. The only file that knows it.
 *
 * It sees `context`, `risk_score`, `requested_by`, `action`, `requester` and `now`. As in CEL everywhere, numbers of JSON are doubles; they
 * compare with whole numbers too. What the requester didn't say is null. `a || b` holds where one of both does, also where the other can't be
 * evaluated; `a && b` likewise doesn't. Nothing has an effect, and all of it is limited: how long it is, how deep, how often it goes round,
 * how large a pattern it matches, and how much it does in all.
 */
internal class CelCondition private constructor(private val program: CelRuntime.Program) : Condition {
    override fun judge(facts: Facts): Truth {
        var effort: Effort? = null
        return try {
            effort = Effort(facts.seen)
            val value = program.trace(facts.seen.variables, effort)
            when {
                effort.isSpent -> TOO_MUCH
                value is Boolean -> if (value) Truth.Holds else Truth.DoesNotHold
                else -> Truth.Failed("it says neither true nor false")
            }
        } catch (problem: CelEvaluationException) {
            if (effort?.isSpent == true) TOO_MUCH else Truth.Failed(problem.errorCode.inWords(), problem.message)
        } catch (problem: Exception) { // whatever goes wrong in there, nothing is permitted by it
            Truth.Failed("it can't be worked out", problem.toString())
        } catch (_: StackOverflowError) {
            TOO_MUCH
        }
    }

    /** Adds up what the evaluation does, and ends it where that is too much; also counts how large the values are that it handles. */
    private class Effort(private val seen: Seen) : CelEvaluationListener {
        private var spent = 0L

        val isSpent: Boolean get() = spent > MOST_STEPS || seen.spent > MOST_STEPS_IN_ALL

        override fun callback(expression: CelExpr, value: Any?) {
            val steps = 1L + sizeOf(value) / VALUES_A_STEP
            spent += steps
            seen.spent += steps
            check(!isSpent) { "too much to do" }
        }

        private fun sizeOf(value: Any?): Int = when (value) {
            is CharSequence -> value.length
            is Collection<*> -> value.size
            is Map<*, *> -> value.size
            else -> 0
        }
    }

    companion object {
        /** The condition written [text], or what is wrong with it. */
        fun of(text: String): Compiled {
            if (text.codePointCount(0, text.length) > LONGEST) return Compiled.Wrong("has more than $LONGEST characters", 0, 0)
            return try {
                val checked = compiler.compile(text).ast
                Compiled.Ready(CelCondition(runtime.createProgram(checked)))
            } catch (problem: CelValidationException) {
                val first = problem.errors.first()
                Compiled.Wrong(first.message, first.sourceLocation.line, first.sourceLocation.column)
            } catch (problem: CelEvaluationException) {
                Compiled.Wrong(problem.message.orEmpty(), 0, 0)
            } catch (_: StackOverflowError) {
                Compiled.Wrong("is nested too deep", 0, 0)
            }
        }

        const val LONGEST = 4_096
        private const val DEEPEST = 32
        private const val MOST_ROUNDS = 10_000
        private const val LARGEST_PATTERN = 1_000
        private const val MOST_PARSE_ERRORS = 5

        /** Some 10 ms: the parts of the expression that are evaluated, each as often as it is. */
        private const val MOST_STEPS = 20_000L

        /** For all conditions of a policy on one question. */
        private const val MOST_STEPS_IN_ALL = 500_000L

        /** So many characters or elements of a value that is handled count as one more step. */
        private const val VALUES_A_STEP = 16
        private val TOO_MUCH = Truth.Failed("it would do more than a condition may")

        private val options: CelOptions = CelOptions.current()
            .maxExpressionCodePointSize(LONGEST)
            .maxParseRecursionDepth(DEEPEST)
            .maxParseErrorRecoveryLimit(MOST_PARSE_ERRORS)
            .comprehensionMaxIterations(MOST_ROUNDS)
            .maxRegexProgramSize(LARGEST_PATTERN)
            .enableHeterogeneousNumericComparisons(true)
            .enableOptionalSyntax(false)
            .build()

        private val compiler = CelCompilerFactory.standardCelCompilerBuilder().setOptions(options)
            .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
            .addVar("context", MapType.create(SimpleType.STRING, SimpleType.DYN))
            .addVar("risk_score", NullableType.create(SimpleType.DOUBLE))
            .addVar("requested_by", NullableType.create(SimpleType.STRING))
            .addVar("action", SimpleType.STRING)
            .addVar("requester", SimpleType.STRING)
            .addVar("now", SimpleType.TIMESTAMP)
            .setResultType(SimpleType.BOOL)
            .build()

        private val runtime: CelRuntime = CelRuntimeFactory.standardCelRuntimeBuilder().setOptions(options).build()
    }
}

/** What became of a condition's text. */
internal sealed interface Compiled {
    class Ready(val condition: Condition) : Compiled

    /** [line] counts from 1, [column] from 0; both are 0 where no place in it is to blame. */
    class Wrong(val problem: String, val line: Int, val column: Int) : Compiled
}

/** A question as conditions see it, and how much they have done about it. Belongs to one judgement, and so to one thread. */
internal class Seen(facts: Facts) {
    val variables: Map<String, Any> = mapOf(
        "context" to facts.context.toCel(),
        "risk_score" to (facts.riskScore ?: NullValue.NULL_VALUE),
        "requested_by" to (facts.requestedBy ?: NullValue.NULL_VALUE),
        "action" to facts.action,
        "requester" to facts.requester,
        "now" to facts.now,
    )
    var spent = 0L
}

private fun JsonElement.toCel(): Any = when (this) {
    is JsonObject -> mapValues { (_, value) -> value.toCel() }
    is JsonArray -> map { it.toCel() }
    JsonNull -> NullValue.NULL_VALUE
    is JsonPrimitive -> if (isString) content else content.toBooleanStrictOrNull() ?: content.toDouble()
}

private fun CelErrorCode.inWords(): String = when (this) {
    CelErrorCode.ATTRIBUTE_NOT_FOUND -> "something that it looks at is missing"
    CelErrorCode.INDEX_OUT_OF_BOUNDS -> "a list has fewer elements than it looks at"
    CelErrorCode.OVERLOAD_NOT_FOUND, CelErrorCode.AMBIGUOUS_OVERLOAD, CelErrorCode.TYPE_NOT_FOUND -> "a value is missing or of another type"
    CelErrorCode.DIVIDE_BY_ZERO -> "it divides by zero"
    CelErrorCode.NUMERIC_OVERFLOW -> "a number is too large"
    CelErrorCode.ITERATION_BUDGET_EXCEEDED -> "it goes round more often than it may"
    CelErrorCode.INVALID_ARGUMENT, CelErrorCode.BAD_FORMAT -> "a value isn't what a function takes"
    else -> "it can't be worked out"
}
