# The build with all its tests; --consumers builds programs as a user's against it; --long adds what takes longer than a commit should wait for.
check() {
  case "${1:-}" in
    "") verified ;;
    --consumers) . "$here/scripts/consumers.sh"; consumers ;;
    --long) check_long ;;
    *) echo "sesame: check takes --consumers or --long, not $1" >&2; exit 1 ;;
  esac
}

check_long() {
  verified
  # Before the jars are made anew, against newer libraries than users get.
  . "$here/scripts/consumers.sh"
  consumers
  tested_on_jdk 21 sesame-core,sesame-java-compat,sesame-testing
  tested_on_jdk 17 sesame-core,sesame-rules,sesame-ktor-server
  verified -Pnewest -pl hostile-input,sesame-core,sesame-rules,sesame-ktor-server
  verified -pl benchmarks -am -Dbench.left.out=nothing -Dtest="$left_out" -Dsurefire.failIfNoSpecifiedTests=false
  verified -pl browser-tests -am -Dsesame.views=all -Dtest='*ScreensBrowserTest,PasskeyBrowserTest,NotificationsBrowserTest' \
    -Dsurefire.failIfNoSpecifiedTests=false
  for version in $older_postgres; do on_postgres "$version"; done
  simulated 10000
  spoiled 100
  (cd "$here" && mvn -B -ntp -Pdocs -pl "$documented" -am package -Dmaven.test.skip=true)
  # What is measured is built with the SDK's own libraries again.
  rm -f "$here"/target/built-*
  build all
  . "$here/scripts/bench.sh"
  bench kill --cycles 100
  bench once --rounds 20
  bench faults --rounds 5
  bench leaks
  bench peers --n 10 --rounds 1
}

# Of benchmarks/pom.xml's bench.left.out.
left_out='Growth*Test,Held*Test,Kill*Test,Leaks*Test,Notices*Test,Peers*Test,Postgres*Test,Rates*Test,Start*Test,Summary*Test,Wake*Test,Webhooks*Test'
documented=sesame-core,sesame-ktor-server,sesame-testing,sesame-java-compat

# The newest of each older version that the broker takes, of those whose binaries Maven Central has for both processors.
older_postgres='14.23.0 15.19.0 16.15.0 17.11.0'

verified() { (cd "$here" && mvn -B -ntp verify "$@"); }

# The broker's tests that need a PostgreSQL, on that version of it.
on_postgres() {
  (cd "$here" && mvn -B -ntp test -pl sesame-broker -am -Dpostgres.binaries.version="$1" \
    -DfailIfNoTests=false -Dsurefire.failIfNoSpecifiedTests=false \
    -Dtest='**/store/postgres/*Test,**/among/*Test,**/move/*Test,MigrateCommandTest')
}

# Seeded histories with everything at once, more than a build lives through.
simulated() {
  (cd "$here" && mvn -B -ntp test -pl sesame-rules,sesame-broker -am -Dtest='HistoriesTest,SimulationTest' -Dsesame.seeds="$1" \
    -Dsurefire.failIfNoSpecifiedTests=false)
}

# Spoiled input for whatever reads what comes from outside, so many times as much as in a build.
spoiled() {
  (cd "$here" && mvn -B -ntp test -pl sesame-core,sesame-broker -am -Dtest='Hostile*Test,WebhookMutationTest' -Dsesame.cases="$1" \
    -Dsurefire.failIfNoSpecifiedTests=false)
}

# The tests of modules, compiled and run by the JDK of that version, where this machine has one.
tested_on_jdk() {
  if [ -z "$(java_between "$1" "$1")" ]; then
    echo "SKIPPED: the tests on JDK $1 (of $2): this machine has none"
    return
  fi
  (cd "$here" && mvn -B -ntp test -Dsesame.jdk="[$1,$(($1 + 1)))" -pl "$2" -am)
}
