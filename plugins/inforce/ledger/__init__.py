"""``versions/``: its files, the chain that they form, what is in force when, and what may follow."""
