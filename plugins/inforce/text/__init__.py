"""Bytes, YAML and Markdown: normal form, block structure, clauses, HTML, and what may not be published."""
