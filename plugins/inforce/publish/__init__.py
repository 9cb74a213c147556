"""Policies -> a site: its pages, manifest, feeds and headers, and what a release will do."""
