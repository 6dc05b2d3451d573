"""What every adapter of this project shares: errors, retries, metrics, secrets, time.

Written by integrate and yours to edit, under no licence of its own. Each module is
here because an adapter uses it. They import one another only in this direction:

    clock, errors, events, metrics     nothing
    retry, secrets                     errors
    rate_limit, cache                  clock
    calls                              clock, errors, events, metrics, rate_limit, retry
    http_encoding                      nothing
    http_errors                        errors, rate_limit, retry
    http                               calls, errors, http_encoding, http_errors
"""
