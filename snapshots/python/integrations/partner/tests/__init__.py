"""Tests of the partner adapter; all but `test_live` need no server."""
