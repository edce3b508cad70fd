"""The application against a floor: a bare Flask page with the same rows from the same database, in one run."""
