"""What comes in from files of others and goes out to them."""
