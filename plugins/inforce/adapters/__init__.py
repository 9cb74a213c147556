"""The edge: each module here is the only one that imports its library (files, git, MkDocs, click, feeds)."""
