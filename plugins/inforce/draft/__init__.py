"""``policy/``: its files, what an editor does to them, the rules that a policy may set, what a text tells of itself."""
