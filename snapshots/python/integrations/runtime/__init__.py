"""What every adapter of this project shares: errors, retries, metrics, secrets, time.

Written by integrate and yours to edit, under no licence of its own. A module is here
because an adapter uses it, and its tests are in `tests/`. None imports an adapter.
"""
