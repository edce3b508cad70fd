"""The pages of admission."""
