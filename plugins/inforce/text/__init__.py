"""Bytes and Markdown: how a clause's text is read, and what the page shows of it. Knows no policy and no version."""
