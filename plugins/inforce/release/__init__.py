"""A draft -> the next version: what it will be, what stands against it, the notice due, and making it again."""
