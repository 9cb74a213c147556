"""Two versions -> typed changes, clause by clause, and the words on which a meaning turns."""
