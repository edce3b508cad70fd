"""Asking clients so that they say yes: when one may ask, with what benefit, and what became of it."""
