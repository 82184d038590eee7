"""Reading PROV-N, streaming and by lexical form, beside `prov`."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from benchmarks import data
from benchmarks.harness import ROOT, Claim, Finished, main, paired, run

MEGABYTE = 1024 * 1024
_OURS = """
import sys
from provstore.formats.prov_n import PROV_N
with open(sys.argv[1], "rb") as stream:
    print(sum(1 for _ in PROV_N.read(stream, source=sys.argv[1]).assertions))
"""


def provn(quick: bool) -> None:
    """100,000 statements against prov; ten times as many for time and memory."""
    claim = Claim(
        "provn",
        "A PROV-N file read to its statements, which are counted and dropped; whole process. `prov` makes a document.",
        quick,
        ("contestant", "statements", "seconds", "statements/s", "peak MB"),
    )
    with tempfile.TemporaryDirectory() as folder:
        document, large = Path(folder) / "document.provn", Path(folder) / "large.provn"
        statements = data.prov_n(document, 2_000 if quick else 100_000)
        many = data.prov_n(large, 20_000 if quick else 1_000_000)
        finished: dict[str, Finished] = {}

        def reading(name: str, *command: object) -> float:
            finished[name] = run([sys.executable, *command, document])
            return finished[name].seconds

        contestants = {
            "provstore": lambda: reading("provstore", "-c", _OURS),
            "prov": lambda: reading("prov", ROOT / "peers" / "prov_parse.py"),
        }
        series = paired(1 if quick else 5, contestants)
        for name, one in series.items():
            peak = finished[name].peak_bytes / MEGABYTE
            claim.row(name, statements, one.median, statements / one.median, peak)
        claim.goal("rate over prov's (aim 10)", series["prov"].times(series["provstore"]), at_least=5)
        tenfold = run([sys.executable, "-c", _OURS, large])
    claim.row("provstore", many, tenfold.seconds, many / tenfold.seconds, tenfold.peak_bytes / MEGABYTE)
    claim.goal("peak memory of ten times as many statements, MB", tenfold.peak_bytes / MEGABYTE, at_most=100)
    claim.report()


if __name__ == "__main__":
    main([provn], __doc__)
