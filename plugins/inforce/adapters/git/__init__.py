"""Git, behind one boundary: history, provenance, and the guard over what is published."""
