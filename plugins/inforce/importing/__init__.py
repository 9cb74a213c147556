"""An existing policy with its history -> the ledger and the draft that say the same: the pure part of the import.

Where the texts come from (a repository, a folder, a web page) and who answers questions is the adapters' business.
"""
