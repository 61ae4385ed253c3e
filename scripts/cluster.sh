# A PostgreSQL, two brokers on it and a proxy in front, as processes of this machine. It ends what it starts itself.
cluster() {
  if [ "${1:-}" != demo ]; then
    echo "sesame: cluster takes demo [--seconds N] [--decide approve|deny] [--proxy nginx|tcp]" >&2
    exit 1
  fi
  shift
  build all
  trap stop_all EXIT INT TERM
  jvm_small "$here/samples/cluster/target/sample.jsa" -Dsesame.broker.jar="$broker_jar" -Dsesame.deploy="$here/deploy" \
    -Dorg.slf4j.simpleLogger.defaultLogLevel=error -jar "$here/samples/cluster/target/cluster-$version.jar" "$@" &
  pids+=($!)
  wait "$!"
}
