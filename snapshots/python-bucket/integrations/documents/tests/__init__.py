"""Tests of the adapter to `documents`: on a folder, and live on a bucket."""
