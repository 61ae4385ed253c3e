# Finds a JDK of 21 or newer: JAVA_HOME, then `java` on the path, then where systems keep them.
java_version() { "$1" -version 2>&1 | sed -n 's/.*version "\([0-9]*\).*/\1/p' | head -1; }

# The first `java` whose version is at least $1 and at most $2; nothing where there is none.
java_between() {
  local candidate version
  for candidate in "${JAVA_HOME:-/none}/bin/java" "$(command -v java || true)" /usr/lib/jvm/*/bin/java \
    /Library/Java/JavaVirtualMachines/*/Contents/Home/bin/java "$HOME"/.sdkman/candidates/java/*/bin/java; do
    [ -x "$candidate" ] || continue
    version=$(java_version "$candidate")
    if [ "${version:-0}" -ge "$1" ] && [ "${version:-0}" -le "$2" ]; then echo "$candidate"; return; fi
  done
}

find_java() {
  local best
  best=$(java_between 21 999)
  if [ -z "$best" ]; then
    echo "sesame: needs a JDK of 21 or newer: install one (on Debian: apt-get install openjdk-21-jdk, or Temurin 25)" >&2
    exit 1
  fi
  echo "$best"
}

java_21() { [ -n "${sesame_java:-}" ] || sesame_java=$(find_java); }

# Quick to start, small: for commands and samples. The class archives are made at the first run and only save time.
jvm_small() { java_21; "$sesame_java" -XX:TieredStopAtLevel=1 -XX:+UseSerialGC $(jvm_common "$1") "${@:2}"; }

jvm_common() { echo "-XX:+AutoCreateSharedArchive -XX:SharedArchiveFile=$1 -Xlog:disable"; }

run_broker_cli() { jvm_small "$here/sesame-broker/target/cli.jsa" -jar "$broker_jar" "$@"; }

exec_broker() {
  java_21
  exec "$sesame_java" $(jvm_common "$here/sesame-broker/target/broker.jsa") -jar "$broker_jar" "$@"
}
