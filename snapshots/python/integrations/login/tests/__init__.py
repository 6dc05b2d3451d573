"""Tests of the login adapter; all but `test_live` need no server."""
