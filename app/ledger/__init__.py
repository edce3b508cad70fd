"""The ledger of requests to clients' contacts, over all mandates, colleagues and channels, and the guard that reads it."""
