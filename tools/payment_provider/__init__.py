"""A stand-in for the payment provider that speaks YooKassa's API v3: for developers and tests, no money moves."""
