"""The cases of the review decision, written down by hand: ``python -m vectors`` in scripts/ writes them as JSON."""
