# Speed, memory and loss, as commands that print figures and ratios. What is started here ends here.
bench() {
  local jar=$here/benchmarks/target/benchmarks-$version.jar
  if [ "${1:-}" = peers ]; then
    # With the libraries of those beside whom it measures, which nothing else here is to see.
    build benchmarks -Ppeers
    jar=$here/benchmarks/target/peers/benchmarks-$version.jar
  else
    build benchmarks
  fi
  java_21
  mkdir -p "$here/target"
  trap stop_all EXIT INT TERM
  # A heap of one size, touched at the start: else its growth would be taken for what the waits hold. It ends its broker itself.
  "$sesame_java" -Xms1g -Xmx1g -XX:+AlwaysPreTouch -Dsesame.broker.jar="$broker_jar" -Dsesame.bench.dir="$here/target" \
    -jar "$jar" "$@" &
  pids+=($!)
  wait "$!"
}
