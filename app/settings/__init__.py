"""The firm's settings and each person's own."""
