# Shared by scripts/live/*: a project's generated tests, run against a real server.

set_up_python
set_up_node
# As the tests build it, so that nothing is built twice.
cargo test --quiet --no-run
INTEGRATE="$CARGO_TARGET_DIR/debug/integrate"
WORK="$(mktemp -d)"
SERVERS=()
# A server may be a wrapper, such as the `node` of a Python package: what it started goes first.
stop_servers() {
  local status=$? server
  for server in ${SERVERS[@]+"${SERVERS[@]}"}; do pkill -P "$server" || true; kill "$server" 2>/dev/null || true; done
  rm -rf "$WORK"
  if [[ $status == 0 ]]; then finish; fi
}
trap stop_servers EXIT

free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }

# Starts a server and waits until it listens; what it says is in $WORK/LABEL.log.
serve() { # serve LABEL PORT COMMAND...
  local label="$1" port="$2" tries=150
  shift 2
  "$@" >"$WORK/$label.log" 2>&1 &
  SERVERS+=($!)
  until is_listening "$port"; do
    if ! kill -0 "${SERVERS[-1]}" 2>/dev/null || ((--tries == 0)); then
      cat "$WORK/$label.log" >&2
      echo "$label did not start" >&2
      return 1
    fi
    sleep 0.2
  done
}

# Generates an integration and runs all of its tests with these settings. A test that is skipped is an error: the server is there.
live() { # live LANGUAGE NAME [SETTING=VALUE...] -- ARGUMENT...
  local language="$1" name="$2" settings=() report
  shift 2
  while [[ "$1" != -- ]]; do settings+=("$1") && shift; done
  shift
  can_check "$language" || return 0
  local project="$WORK/$name-$language"
  mkdir -p "$project"
  "$INTEGRATE" -C "$project" create "$name" --language "$language" "$@" >/dev/null
  report="$project/report.xml"
  (
    cd "$project"
    case "$language" in
      python) run=("$PYTHON" -m pytest -q -p no:cacheprovider --junit-xml "$report") ;;
      typescript)
        ln -s "$NODE_MODULES" node_modules
        run=("$NODE_BIN/node" node_modules/vitest/vitest.mjs run --reporter=junit --outputFile="$report")
        ;;
    esac
    env ${settings[@]+"${settings[@]}"} "${run[@]}" >"$WORK/tests.log" 2>&1
  ) || { cat "$WORK/tests.log" >&2 && echo "$name in $language failed" >&2 && return 1; }
  printf '%-12s %-11s %s\n' "$name" "$language" "$(python3 scripts/none_skipped.py "$report")"
}

in_both() { # in_both NAME [SETTING=VALUE...] -- ARGUMENT...
  live python "$@"
  live typescript "$@"
}

# The languages that this version has templates in, for a variant.
languages_of() { # languages_of PATTERN VARIANT
  "$INTEGRATE" patterns list --format json | python3 -c '
import json, sys
for row in json.load(sys.stdin):
    if [row["pattern"], row["variant"]] == sys.argv[1:]:
        print(*row["languages"])' "$@"
}
