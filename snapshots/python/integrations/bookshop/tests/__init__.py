"""Tests of the Bookshop adapter: offline, but for `test_live`."""
