"""The cases of the review decision, written by hand as tables: ``python -m vectors`` in scripts/ writes the JSON."""
