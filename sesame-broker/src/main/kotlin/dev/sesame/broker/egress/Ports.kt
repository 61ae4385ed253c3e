package dev.sesame.broker.egress

/**
 * The ports at which no webhook is received: of the system ports all but those of HTTP, and of the others those where a well-known server
 * would take an HTTP request for its own protocol, or is administered over HTTP without asking who calls.
 */
internal object Ports {
    private const val FIRST_USER_PORT = 1024
    private val web = setOf(80, 443)
    private val proxies = setOf(1080, 3128)
    private val files = setOf(2049, 3659, 4045, 6566)
    private val mailAndChat = setOf(4190, 5060, 5061, 5222, 5269, 6665, 6666, 6667, 6668, 6669, 6697)
    private val screens = setOf(1719, 1720, 1723, 3389, 5900, 5901, 5985, 5986, 6000)
    private val databases = setOf(1433, 1434, 1521, 3306, 5432, 5984, 6379, 7199, 8086, 9042, 9160, 9200, 9300, 11211, 27017, 27018, 27019)
    private val queues = setOf(1883, 4222, 4369, 5671, 5672, 6650, 8883, 9092, 15672, 25672, 61613, 61616)
    private val clusters = setOf(2181, 2375, 2376, 2377, 2379, 2380, 4646, 6443, 8200, 8300, 8301, 8500, 10250, 10255, 10257, 10259)
    private val refused = proxies + files + mailAndChat + screens + databases + queues + clusters

    /** Why nothing is sent to [port]; `null` where it may be. */
    fun refusal(port: Int): String? = when {
        port !in 1..65535 -> "must name a port from 1 to 65535, or none"
        port in web -> null
        port < FIRST_USER_PORT -> "must not name port $port: of those below $FIRST_USER_PORT only 80 and 443 receive webhooks"
        port in refused -> "must not name port $port: it is a well-known one of another service"
        else -> null
    }
}
