"""Imports every generated module and runs the generated tests, where `evil()` and `import canary` leave a mark."""

import builtins
import importlib
import pathlib
import sys
import types

import pytest

root, mark = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])


def evil(*_: object) -> str:
    mark.write_text("evil() was called")
    return ""


class Canary:
    """Finds the module `canary`, which nothing should look for."""

    def find_spec(self, name: str, *_: object) -> None:
        if name == "canary":
            mark.write_text("canary was imported")
            sys.modules["canary"] = types.ModuleType("canary")


builtins.evil = evil
sys.meta_path.insert(0, Canary())
sys.path.insert(0, str(root))
sys.dont_write_bytecode = True
for path in sorted(root.glob("integrations/**/*.py")):
    compile(path.read_bytes(), str(path), "exec")
    parts = path.relative_to(root).with_suffix("").parts
    importlib.import_module(".".join(parts[:-1] if parts[-1] == "__init__" else parts))
# Whether a service can be called by such names is another matter: here the tests run, whatever they find.
outcome = pytest.main(["-q", "--tb=line", "-p", "no:cacheprovider", sys.argv[3]])
sys.exit(0 if outcome in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED) else outcome)
