# Runs a sample against a broker of its own, started and stopped here; or against the one that SESAME_BROKER_URL names.
pids=()
scratch=

stop_all() {
  local status=$?
  trap - EXIT INT TERM
  for pid in "${pids[@]:-}"; do [ -z "$pid" ] || kill "$pid" 2>/dev/null || true; done
  for pid in "${pids[@]:-}"; do [ -z "$pid" ] || wait "$pid" 2>/dev/null || true; done
  [ -z "$scratch" ] || rm -rf "$scratch"
  exit "$status"
}

start_broker() {
  scratch=$(mktemp -d)
  local data=$scratch/data tries=0
  : >"$scratch/broker.log"
  java_21
  SESAME_PORT=0 SESAME_DATA_DIR=$data "$sesame_java" -XX:TieredStopAtLevel=1 -XX:+UseSerialGC \
    $(jvm_common "$here/sesame-broker/target/quickstart.jsa") -jar "$broker_jar" broker >"$scratch/broker.log" 2>&1 &
  pids+=($!)
  until [ -f "$data/address" ] && grep 'ready on' "$scratch/broker.log"; do
    tries=$((tries + 1))
    if [ $tries -gt 150 ] || ! kill -0 "${pids[0]}" 2>/dev/null; then cat "$scratch/broker.log" >&2; exit 1; fi
    sleep 0.1
  done
  SESAME_BROKER_URL=$(cat "$data/address")
  SESAME_API_KEY=$(cat "$data/api-key")
  export SESAME_BROKER_URL SESAME_API_KEY SESAME_DATA_DIR=$data
}

sample() {
  local name=${1:-} decide=
  [ -n "$name" ] && [ -d "$here/samples/$name" ] || { echo "sesame: the samples are: $(ls "$here/samples" | tr '\n' ' ')" >&2; exit 1; }
  shift
  while [ $# -gt 0 ]; do
    case $1 in
      --decide) decide=${2:-}; shift 2 || shift ;;
      --decide=*) decide=${1#--decide=}; shift ;;
      *) echo "sesame: sample takes --decide approve|deny, not $1" >&2; exit 1 ;;
    esac
    case $decide in approve | deny) ;; *) echo "sesame: --decide takes approve or deny" >&2; exit 1 ;; esac
  done
  build all
  trap stop_all EXIT INT TERM
  local own=
  [ -n "${SESAME_BROKER_URL:-}" ] || { own=yes; start_broker; }
  jvm_small "$here/samples/$name/target/sample.jsa" -jar "$here/samples/$name/target/$name-$version.jar" ${decide:+--once} &
  pids+=($!)
  local run=$!
  if [ -n "$decide" ]; then
    run_broker_cli answer --once --decide "$decide" &
    pids+=($!)
  elif [ -n "$own" ]; then
    # The person at this terminal answers, or one at another, with the whole command.
    run_broker_cli answer --once --command "$here/sesame approve ID --data-dir $SESAME_DATA_DIR" <&0 &
    pids+=($!)
  fi
  wait "$run"
}

quickstart() {
  case "${1:-}" in "" | --decide | --decide=*) ;; *) echo "sesame: quickstart takes --decide approve|deny, not $1" >&2; exit 1 ;; esac
  sample refund-kotlin "$@"
}
