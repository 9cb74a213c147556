"""review.py alone in an empty folder, without any installed package: a backend may take just that file."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

from inforce_client import review

# Isolated Python puts no folder on the path but what this line adds, and -S leaves installed packages out.
SCRIPT = """
import json, sys
sys.path.insert(0, ".")
import review
from datetime import datetime
case = json.load(sys.stdin)
result = review.review_state(case["manifest"], case["document"], case["records"], datetime.fromisoformat(case["now"]))
loaded = [name for name in ("inforce", "yaml", "mkdocs") if name in sys.modules]
print(json.dumps([review.__file__, loaded, result]))
"""


def test_one_file_decides_without_any_package(tmp_path: Path) -> None:
    original = Path(review.__file__)
    cases = json.loads((original.parents[2] / "vectors" / "redlines.json").read_text(encoding="utf-8"))["cases"]
    copy = Path(shutil.copy(original, tmp_path))
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", SCRIPT],
        cwd=tmp_path, input=json.dumps(cases[0]), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.stderr == ""
    file, loaded, result = json.loads(done.stdout)
    assert (Path(tmp_path, file).resolve(), loaded) == (copy.resolve(), [])
    assert result == cases[0]["expected"]
