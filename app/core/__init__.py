"""Time, days, money, names and errors: what every room stands on, and what stands on none of them."""
