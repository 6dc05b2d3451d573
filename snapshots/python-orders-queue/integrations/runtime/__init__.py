"""What every adapter of this project shares: errors, retries, metrics, secrets, time.

Written by integrate and yours to edit, under no licence of its own. Each module is
here because an adapter uses it. They import one another only in this direction:

    clock, errors, events, metrics, http_encoding   nothing
    retry, secrets                                  errors
    rate_limit, cache                               clock
    calls                                           the above but secrets, cache
    http_request                                    http_encoding
    http_errors                                     errors, rate_limit, retry
    http_site                                       calls, errors, other http_*
    http                                            http_errors, _request, _site
    http_pages                                      http, http_request
"""
