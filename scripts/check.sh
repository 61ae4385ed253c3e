# The build with all its tests; --long adds what takes longer than a commit should wait for.
check() {
  (cd "$here" && mvn -B -ntp verify)
  [ "${1:-}" = --long ] || return 0
  (cd "$here" && mvn -B -ntp -Pnewest -pl sesame-core,sesame-rules verify)
}
