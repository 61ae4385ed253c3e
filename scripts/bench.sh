# Speed, memory and loss, as commands that print figures and ratios. What is started here ends here.
bench() {
  build benchmarks
  java_21
  mkdir -p "$here/target"
  trap stop_all EXIT INT TERM
  # A heap of one size, touched at the start: else its growth would be taken for what the waits hold. It ends its broker itself.
  "$sesame_java" -Xms1g -Xmx1g -XX:+AlwaysPreTouch -Dsesame.broker.jar="$broker_jar" -Dsesame.bench.dir="$here/target" \
    -jar "$here/benchmarks/target/benchmarks-$version.jar" "$@" &
  pids+=($!)
  wait "$!"
}
