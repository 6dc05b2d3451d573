"""Tests of the login_tokens adapter; all but `test_live` need no server."""
