"""Each table alone: every operation on SQLite, and on the server."""
