# Shared by the scripts that generate projects: how a project is held to the checkers of its language.

# The strictness of a demanding project. ASYNC109 and RUF036 speak of a service's own names and types: of a parameter
# `timeout`, and of one that is always null.
python_tools() {
  cat <<'TOML'

[tool.mypy]
strict = true

[tool.pyright]
include = ["integrations"]
typeCheckingMode = "strict"

[tool.pytest.ini_options]
addopts = ["-q", "-p", "no:cacheprovider"]
filterwarnings = ["error"]

[tool.ruff.lint]
select = ["ASYNC", "B", "E", "F", "I", "RUF", "SIM", "UP"]
ignore = ["ASYNC109", "E501", "RUF036"]
TOML
}

# Runs a checker and says how long it took, with its count of tests or its last line; all of what it printed if it fails.
timed() { # timed LABEL COMMAND...
  local label="$1" log started
  shift
  log="$(mktemp)"
  started=$SECONDS
  if ! "$@" >"$log" 2>&1; then
    cat "$log"
    echo "$label failed" >&2
    rm "$log"
    return 1
  fi
  printf '%-20s %3d s  %s\n' "$label" $((SECONDS - started)) "$(awk '/ passed/ { said = $0 } NF { last = $0 } END { print said ? said : last }' "$log")"
  rm "$log"
}

check_python() { # check_python FOLDER
  local bin
  bin="$(dirname "$PYTHON")"
  (
    set -e
    cd "$1"
    python_tools >>pyproject.toml
    timed "ruff check" "$bin/ruff" check --quiet .
    timed "ruff format" "$bin/ruff" format --check --quiet .
    timed "mypy --strict" "$bin/mypy" --strict .
    timed "pyright" "$bin/pyright" --pythonpath "$PYTHON"
    timed "pytest" "$PYTHON" -m pytest
  )
}

check_typescript() { # check_typescript FOLDER
  (
    set -e
    cd "$1"
    ln -s "$NODE_MODULES" node_modules
    export PATH="$NODE_BIN:$PATH" NO_COLOR=1
    timed "tsc --strict" node node_modules/typescript/bin/tsc --noEmit
    timed "prettier --check" node node_modules/prettier/bin/prettier.cjs --check --log-level warn integrations
    timed "vitest" node node_modules/vitest/vitest.mjs run --reporter=dot
  )
}

# Whether what this language is checked with is there.
can_check() { # can_check LANGUAGE
  case "$1" in
    python) [[ -n "${PYTHON:-}" ]] ;;
    typescript) [[ -n "${NODE_MODULES:-}" ]] ;;
  esac
}

check() { # check LANGUAGE FOLDER
  if can_check "$1"; then "check_$1" "$2"; fi
}
