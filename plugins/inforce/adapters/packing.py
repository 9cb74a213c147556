"""Files -> one zip file of them, the same bytes on every machine and at every hour.

The entries stand in the order given, under the first day that the format knows, and uncompressed: what a compressor
makes of a text differs from one of its versions to the next.
"""

import io
import zipfile
from collections.abc import Mapping

_FIRST_DAY = (1980, 1, 1, 0, 0, 0)


def packed(files: Mapping[str, bytes]) -> bytes:
    """The zip file of ``files`` (path -> bytes)."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name, data in files.items():
            entry = zipfile.ZipInfo(name, _FIRST_DAY)
            entry.create_system = 0  # otherwise it names the system that this runs on
            archive.writestr(entry, data)
    return buffer.getvalue()
