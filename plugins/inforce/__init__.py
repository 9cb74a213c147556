"""In Force: a company's policies from Markdown in git, published clause by clause.

The core (everything outside ``inforce.adapters``) reads no disk, no clock and no environment.
"""

__version__ = "0.1.0"
