"""A hook of the shipped site: `{{ integrity("client.js") }}` in a page becomes that file's Subresource Integrity value.

It is taken from the package that builds the site, which is the file that the site publishes.
"""

import re
from typing import Any

from mkdocs.exceptions import PluginError

from inforce.adapters.files import site_files
from inforce.model import digest

CALL = re.compile(r'\{\{ integrity\("([^"]+)"\) \}\}')


def on_page_markdown(markdown: str, *, page: Any, config: Any, files: Any) -> str:  # noqa: ARG001
    """Fill in the values; a file that is not published is an error."""
    published = site_files()

    def value(call: re.Match[str]) -> str:
        try:
            return digest(published[f"storefront/{call[1]}"])
        except KeyError:
            raise PluginError(f"docs/{page.file.src_uri}: /storefront/{call[1]} is not published.") from None

    return CALL.sub(value, markdown)
