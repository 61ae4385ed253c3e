# Builds a module, and what it needs, if a source is newer than its last build. Progress goes to stderr. More words are for Maven.
# SESAME_SKIP_BUILD=1 takes what is there: for tests within a build, which must not build under that build's feet.
build() {
  if [ "${SESAME_SKIP_BUILD:-}" = 1 ]; then
    [ -f "$broker_jar" ] || { echo "sesame: SESAME_SKIP_BUILD is set, but nothing is built: ./sesame build" >&2; exit 1; }
    return
  fi
  local module=$1 stamp=$here/target/built-$(basename "$1") log=$here/target/build.log
  shift
  stamp+=$(printf %s "$@")
  if fresh "$stamp" || { [ "$module" != benchmarks ] && fresh "$here/target/built-all"; }; then return; fi
  command -v mvn >/dev/null || { echo "sesame: needs Maven 3.8.7 or newer: install it (on Debian: apt-get install maven)" >&2; exit 1; }
  java_21
  mkdir -p "$here/target"
  local which=(-pl "$module" -am)
  [ "$module" != all ] || which=(-pl '!checks,!benchmarks')
  echo "Building ${module#samples/} (the first time, Maven fetches what it needs: a minute or two)…" >&2
  if ! (cd "$here" && mvn -B -ntp package -Dmaven.test.skip=true -Dspotless.check.skip "$@" "${which[@]}" >"$log" 2>&1 & show_progress $! "$log"); then
    grep -E '^\[ERROR\]' "$log" | head -20 >&2
    echo "sesame: the build failed; all of it is in $log" >&2
    exit 1
  fi
  # A class archive of the jars before would be passed over, and never made anew.
  rm -f "$here"/sesame-broker/target/*.jsa "$here"/samples/*/target/*.jsa
  touch "$stamp"
}

fresh() { [ -f "$1" ] && [ -z "$(sources_newer_than "$1")" ]; }

sources_newer_than() {
  find "$here"/pom.xml "$here"/sesame-*/pom.xml "$here"/sesame-*/src/main "$here"/samples/*/pom.xml "$here"/samples/*/src/main \
    "$here"/benchmarks/pom.xml "$here"/benchmarks/src/main "$here"/benchmarks/src/peers -newer "$1" -type f 2>/dev/null | head -1
}

# One line a step, while the build with that process id runs; its result is the build's.
show_progress() {
  local pid=$1 log=$2 shown=
  while kill -0 "$pid" 2>/dev/null; do
    local now
    now=$(sed -n 's/^\[INFO\] Building \([a-z-]*\) .*/\1/p' "$log" 2>/dev/null | tail -1)
    if [ -n "$now" ] && [ "$now" != "$shown" ]; then shown=$now; echo "  $now…" >&2; fi
    sleep 0.3
  done
  wait "$pid"
}
