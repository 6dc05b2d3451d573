"""Tests of the login_service adapter; all but `test_live` need no server."""
