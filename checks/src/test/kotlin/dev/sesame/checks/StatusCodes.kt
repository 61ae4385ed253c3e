package dev.sesame.checks

private const val HTTP = "dev.sesame.broker.http"

internal val statusCodes = Rule(
    "in http only Problems.kt names a status code that refuses or fails; elsewhere OK, Created and NoContent",
    over = { it.isMain && it.packageName.startsWith(HTTP) && it.name != "Problems.kt" },
    bad = listOf("NotFound", "fromValue(409)", "Companion.Conflict").map {
        SourceFile("a/src/main/kotlin/Routes.kt", "package $HTTP\nval a = HttpStatusCode.$it")
    } + SourceFile("a/src/main/kotlin/Routes.kt", "package $HTTP\nval a = HttpStatusCode(409, \"\")"),
    good = listOf(
        SourceFile("a/src/main/kotlin/Routes.kt", "package $HTTP\nimport io.ktor.http.HttpStatusCode\nval a = HttpStatusCode.Created"),
        SourceFile("a/src/main/kotlin/Problems.kt", "package $HTTP\nval a = HttpStatusCode.NotFound"),
    ),
) { file -> file.findInCode(Regex("""\bHttpStatusCode(?:\.(?!(?:OK|Created|NoContent)\b)\w+|\()""")) }
