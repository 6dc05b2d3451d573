"""Tests of the adapter to crm: offline on SQLite, and live on the server."""
