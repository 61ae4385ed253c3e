package dev.sesame.ktor.internal

import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import kotlinx.serialization.json.Json

class SameContextTest :
    FunSpec({
        fun same(asked: String, told: String) = isSame(Json.parseToJsonElement(asked), Json.parseToJsonElement(told))

        listOf(
            """{"a":1.0,"b":[1e3,{"c":null}]}""" to """{"b":[1000,{"c":null}],"a":1}""",
            """{"a":"1","b":true}""" to """{"b":true,"a":"1"}""",
        ).forEach { (asked, told) ->
            test("$asked is $told, whatever the order and the form of a number") { same(asked, told) shouldBe true }
        }

        listOf(
            """{"a":1}""" to """{"a":2}""",
            """{"a":1}""" to """{"a":"1"}""",
            """{"a":"1"}""" to """{"a":"1.0"}""",
            """{"a":true}""" to """{"a":"true"}""",
            """{"a":null}""" to """{}""",
            """{}""" to """{"a":null}""",
            """{"a":[1,2]}""" to """{"a":[2,1]}""",
            """{"a":[1]}""" to """{"a":[1,1]}""",
            """{"a":{}}""" to """{"a":[]}""",
        ).forEach { (asked, told) ->
            test("$asked is not $told") { same(asked, told) shouldBe false }
        }
    })
