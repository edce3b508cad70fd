"""Backups: taken while people work, verified in a scratch place, restored into an empty one."""
