"""``policy/``: its files, what an editor does to them, and the rules that a policy may set."""
