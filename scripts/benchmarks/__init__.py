"""What ``make bench`` measures. Made-up settings, web server and real revisions are borrowed from the tests."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[2] / "tests"))
