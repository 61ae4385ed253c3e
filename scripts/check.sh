# The build with all its tests; --long adds what takes longer than a commit should wait for.
check() {
  case "${1:-}" in "" | --long) ;; *) echo "sesame: check takes --long, not $1" >&2; exit 1 ;; esac
  (cd "$here" && mvn -B -ntp verify)
  [ "${1:-}" = --long ] || return 0
  (cd "$here" && mvn -B -ntp -Pnewest -pl sesame-core,sesame-rules,sesame-ktor-server verify)
  (cd "$here" && mvn -B -ntp -Pdocs -pl sesame-core,sesame-ktor-server package -DskipTests)
  build all
  . "$here/scripts/bench.sh"
  bench kill --cycles 100
}
