"""Lotse in a real browser: what only shows there (axe, keys, colours, widths, pages without script)."""
