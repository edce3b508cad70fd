"""Our colleagues: accounts, roles, teams, absence, sign-in."""
