"""Databases made of a corpus' scripts: SQLite in files, PostgreSQL in databases that are dropped at the end."""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SERVER = os.environ.get("INTEGRATE_CORPUS_POSTGRESQL", "postgresql://postgres@127.0.0.1")
# The order in which the parts of a schema that has several are run.
PARTS = ("ddl", "primary_keys", "indices", "constraints")

Database = tuple[str, str, list[str]]


@contextmanager
def databases(folder: Path) -> Iterator[list[Database]]:
    """A name, an address and the relations of each database that the scripts of `folder` make."""
    with tempfile.TemporaryDirectory() as files:
        made = [sqlite(path, Path(files)) for path in sorted(folder.glob("*.sql")) if "sqlite" in path.name.lower()]
        names: list[str] = []
        try:
            for name, scripts in postgresql_schemas(folder).items() if is_there() else ():
                database = f"integrate_corpus_{os.getpid()}_{len(names)}"
                names.append(database)
                made.append(postgresql(name, database, scripts))
            yield made
        finally:
            for name in names:
                psql("postgres", f"drop database if exists {name} with (force)")


def sqlite(script: Path, files: Path) -> Database:
    """A file with the tables of a script."""
    path = files / f"{script.stem}.db"
    connection = sqlite3.connect(path)
    try:
        connection.executescript(text(script, "main"))
        found = connection.execute("select name from sqlite_master where type in ('table', 'view') and name not like 'sqlite_%'")
        relations = [f"main.{name}" for (name,) in found]
    finally:
        connection.close()
    return f"sql/{script.name}", str(path), relations


def postgresql_schemas(folder: Path) -> dict[str, list[Path]]:
    """The scripts of each schema, in their order."""
    schemas: dict[str, list[Path]] = {}
    for path in sorted(folder.glob("*.sql")):
        if re.search("postgresql|pagila", path.name, re.IGNORECASE) and "jsonb" not in path.name:
            base = re.sub(rf"-({'|'.join(PARTS)})$", "", path.stem)
            schemas.setdefault(f"sql/{base}", []).append(path)
    order = {part: at for at, part in enumerate(PARTS)}
    for scripts in schemas.values():
        scripts.sort(key=lambda path: order.get(path.stem.rpartition("-")[2], 0))
    return schemas


def postgresql(name: str, database: str, scripts: list[Path]) -> Database:
    """A database with what the scripts make."""
    psql("postgres", f"create database {database}")
    for script in scripts:
        psql(database, text(script, "public"))
    query = """select n.nspname || '.' || c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where c.relkind in ('r', 'p', 'v', 'm', 'f')
          and n.nspname not in ('pg_catalog', 'information_schema') and n.nspname not like 'pg_toast%'"""
    relations = psql(database, query).split()
    return name, f"{SERVER}/{database}", relations


def text(script: Path, schema: str) -> str:
    """A script without what makes and chooses a database, in the schema it leaves open."""
    lines = script.read_text(encoding="utf-8-sig").splitlines()
    kept = [line for line in lines if not re.match(r"\s*(drop|create) database |\\c ", line, re.IGNORECASE)]
    return "\n".join(kept).replace("@cdmDatabaseSchema", schema)


def psql(database: str, script: str) -> str:
    """What a script prints, without its frame. Statements that a server of another version does not know are passed over."""
    done = subprocess.run(
        ["psql", "--no-psqlrc", "--quiet", "--tuples-only", "--no-align", f"{SERVER}/{database}"],
        input=script, capture_output=True, text=True, check=True,
    )
    return done.stdout


def is_there() -> bool:
    """Whether there is a PostgreSQL to try against."""
    return shutil.which("psql") is not None and subprocess.run(["pg_isready", "-q", "-h", "127.0.0.1"]).returncode == 0
