"""Tests of the adapter to `acme-documents`: on a folder, and live on a bucket."""
