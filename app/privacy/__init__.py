"""Privacy: which columns hold personal data, and the erasure of a person in one move."""
