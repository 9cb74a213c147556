"""Policies -> a site: pages and views, manifest, feed and headers, and what a release will do."""
