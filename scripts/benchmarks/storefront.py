"""What a storefront costs: bytes on the wire, answers and decisions a second, wrong prompts, sizes beside others."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from benchmarks import decisions, shop, visits, wire

DECISIONS_TARGET = 50_000
UNCHANGED_TARGET, MANIFEST_TARGET = 350, 12 * 1024
SIZES = {"core": 2560, "everything": 6144, "styles": 1536}
"""Bytes, compressed: of review.js and client.js, of all scripts, of the style sheet."""
VISITS = 100_000
_CORE = ("review.js", "client.js")


@dataclass(frozen=True)
class Storefront:
    """``shipped`` and ``large``: nginx with the manifest of this site, and with that of the made-up shop.

    ``python`` and ``javascript``: decisions a second in each round. ``wrong`` and ``lost`` of so many visits. ``own``
    are the compressed sizes of the client's files by name; ``others`` as ``wire.others`` gives them.
    """

    shipped: wire.Answers | None
    large: wire.Answers | None
    compressed: int
    python: Sequence[float]
    javascript: Sequence[float] | None
    visits: int
    wrong: int
    lost: int
    own: Mapping[str, int]
    others: Mapping[str, tuple[str, int, int]] | None


def measure(root: Path, shipped: bytes, count: int, folder: Path, say: Callable[[str], None]) -> Storefront:
    """Everything, with ``count`` simulated visits; ``shipped`` is this site's manifest, ``folder`` a new one."""
    client, large = root / "storefront/js/src", shop.served()
    say("  nginx")
    answers = [wire.answers(manifest, folder / str(len(manifest))) for manifest in (shipped, large)]
    say("  decisions a second")
    rates = decisions.of_python(), decisions.of_javascript(client)
    say(f"  {count} visits")
    world = visits.simulate(count)
    say("  sizes")
    files = [path for path in sorted(client.rglob("*")) if path.suffix in (".js", ".css")]
    own = {path.relative_to(client).as_posix(): wire.compressed(path.read_bytes()) for path in files}
    others = wire.others(folder / "others")
    counts = world.visits, len(world.wrong), len(world.lost)
    return Storefront(*answers, wire.compressed(large), *rates, *counts, own, others)


def section(found: Storefront) -> str:
    """The part of the page about it."""
    return "\n".join((*_wire(found), *_decisions(found), *_sizes(found)))


def _met(met: bool) -> str:
    return "met" if met else "**missed**"


def _wire(found: Storefront) -> Iterator[str]:
    clauses = ", ".join(map(str, shop.DOCUMENTS.values()))
    yield f"""\
## A shop that polls

nginx on this machine with the manifest of this site, and with that of a made-up shop: {len(shop.DOCUMENTS)} policies of
{clauses} clauses with {shop.VERSIONS} versions each. Bytes are those of the whole answer, headers and all, the manifest
compressed by nginx with level 9 each time it is asked for. Answers a second: wrk, one thread, 32 connections, 5 s.

| | 200, bytes | 304, bytes | 200, a second | 304, a second |
|---|---|---|---|---|"""
    for name, answers in (("this site", found.shipped), ("3 × 20 versions", found.large)):
        yield f"| {name} | {' | '.join(_cells(answers))} |"
    yield f"\nTargets: the large manifest at most {MANIFEST_TARGET} bytes with `gzip -9`: it has {found.compressed},"
    yield f"{_met(found.compressed <= MANIFEST_TARGET)}; a 304 at most {UNCHANGED_TARGET} bytes: {_unchanged(found)}.\n"


def _unchanged(found: Storefront) -> str:
    answers = [each for each in (found.shipped, found.large) if each]
    return _met(all(each.unchanged <= UNCHANGED_TARGET for each in answers)) if answers else "not measured"


def _cells(answers: wire.Answers | None) -> tuple[str, ...]:
    if answers is None:
        return ("not measured",) * 4
    rates = [f"{rate:,.0f}" for rate in answers.rates] if answers.rates else ["not measured"] * 2
    return str(answers.full), str(answers.unchanged), *rates


def _decisions(found: Storefront) -> Iterator[str]:
    yield f"""\
## Decisions a second

One core, about that shop and its {shop.CUSTOMERS} customers: three of ten have agreed to what is in force, three are
some versions behind, the others are new, said no or later, or have a record of a text that nobody knows. They have
{shop.records():.0f} records each. The median of {decisions.ROUNDS} rounds; processor time, in Chromium of the page's
thread.

| | decisions a second | target: {DECISIONS_TARGET:,} |
|---|---|---|"""
    for name, rates in (("review.py", found.python), ("review.js", found.javascript)):
        told = f"{median(rates):,.0f} | {_met(median(rates) >= DECISIONS_TARGET)}" if rates else "not measured | –"
        yield f"| {name} | {told} |"
    yield f"""
{found.visits:,} simulated visits, with outages, stale copies, wrong clocks, withdrawals and two tabs at once:
{found.wrong} wrong prompts and {found.lost} lost agreements. Target: none: {_met(not found.wrong + found.lost)}.
"""


def _sizes(found: Storefront) -> Iterator[str]:
    scripts = {name: size for name, size in found.own.items() if name.endswith(".js")}
    sums = {
        "core": sum(scripts.get(name, 0) for name in _CORE),
        "everything": sum(scripts.values()),
        "styles": sum(size for name, size in found.own.items() if name.endswith(".css")),
    }
    parts = {"core": " and ".join(_CORE), "everything": "all scripts", "styles": "the style sheet"}
    needed = {"core": "client.js", "everything": "dialog.js", "styles": "policy-review.css"}
    yield "## The size of the client\n"
    yield "Bytes as served, each file by itself with `gzip -9`; comments and names are as in the source.\n"
    yield "| | script | style sheet |\n|---|---|---|"
    for name, size in found.own.items():
        yield f"| {name} | {size} | |" if name in scripts else f"| {name} | | {size} |"
    for name, (number, script, style) in (found.others or {}).items():
        yield f"| {name} {number} | {script} | {style} |"
    if found.others is None:
        yield f"| {', '.join(wire.OTHERS)} | not measured | |"
    yield "\nTargets:\n"
    for name, most in SIZES.items():
        verdict = f"{sums[name]}, {_met(sums[name] <= most)}" if needed[name] in found.own else "not there yet"
        yield f"- {parts[name]}: at most {most}: {verdict}"
