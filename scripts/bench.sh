# Speed, memory and loss, as commands that print figures and ratios. What is started here ends here.
bench() {
  case "${1:-}" in
    waits | java | kill | once | verify | webhooks | notices | rates | growth) ;;
    *)
      echo "sesame: bench takes waits [--n 1,100,10000] [--rounds 3], java [--n 10000] [--rounds 3], kill [--cycles 20] [--seed N]," \
        "once [--rounds 5] [--seconds 3600] [--replicas 2] [--seed N], verify [--forks 2] [--iterations 4]," \
        "webhooks [--decisions 2000] [--receivers 100] [--kills 3] [--seed N]," \
        "rates [--engines sqlite,postgres] [--callers 1,16,64] [--seconds 5] [--rounds 3]," \
        "growth [--stored 1000,100000,1000000] [--engines sqlite,postgres] [--calls 200] [--seed N]," \
        "or notices [--questions 60] [--streams 1000] [--events 50] [--idle-seconds 30]" >&2
      exit 1 ;;
  esac
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
