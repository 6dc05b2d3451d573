"""Tests of the adapter to `chinook`: offline on SQLite, and live on the server."""
