"""Provenance over random histories, branches and merges of any kind, against its two rules said in another way."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from adapters.repositories import V10, V11, V20, TestRepository
from examples import examples
from inforce.adapters.git.repository import open_repository

CLAUSES = {"contact": "policy/privacy/contact.md", "scope": "policy/privacy/scope.md"}
PATHS = [V10, V11, V20, *CLAUSES.values(), "README.md"]

Tree = Mapping[str, str]
Graph = list[tuple[tuple[int, ...], Tree, int]]
"""For each commit the places of its parents, all smaller than its own; path -> contents; what its clock said."""


@st.composite
def graphs(draw: st.DrawFn) -> Graph:
    graph: Graph = []
    for place in range(draw(st.integers(1, 12))):
        recent = st.integers(max(0, place - 4), place - 1) if place else st.nothing()
        parents = draw(st.lists(recent, min_size=min(place, 1), max_size=3, unique=True)) if place else []
        sides = [graph[parent][1] for parent in parents] or [{}]
        tree = {path: draw(st.sampled_from(sides)).get(path) for path in PATHS}
        tree |= draw(st.dictionaries(st.sampled_from(PATHS), st.sampled_from([None, "a", "b"]), max_size=2))
        files = {path: content for path, content in tree.items() if content}
        graph.append((tuple(parents), files, draw(st.integers(0, 99))))
    return graph


def build(root: Path, graph: Graph) -> list[str]:
    """The commits' ids."""
    TestRepository(root)
    stream = []
    for place, (parents, tree, clock) in enumerate(graph):
        committer = f"committer A <a@b.example> {clock} +0000"
        head = f"commit refs/heads/c{place}\nmark :{place + 1}\n{committer}\ndata 2\n{place:02}\n"
        merged = "".join(f"{'merge' if n else 'from'} :{parent + 1}\n" for n, parent in enumerate(parents))
        files = "".join(f"M 100644 inline {path}\ndata 1\n{content}\n" for path, content in tree.items())
        stream.append(f"{head}{merged}deleteall\n{files}\n")
    command = ["git", "-C", str(root), "fast-import", "--quiet", "--export-marks=marks"]
    subprocess.run(command, input="".join(stream).encode(), check=True)
    subprocess.run(["git", "-C", str(root), "reset", "--quiet", "--hard", f"c{len(graph) - 1}"], check=True)
    marks = dict(line.split() for line in (root / "marks").read_text().splitlines())
    return [marks[f":{place + 1}"] for place in range(len(graph))]


def reachable(graph: Graph, place: int) -> set[int]:
    return {place}.union(*(reachable(graph, parent) for parent in graph[place][0]))


def changing(graph: Graph, path: str) -> set[int]:
    """The commits whose ``path`` is unlike that of every parent; a first commit's parent is empty."""
    found = set()
    for place, (parents, tree, _) in enumerate(graph):
        sides = [graph[parent][1] for parent in parents] or [{}]
        if all(side.get(path) != tree.get(path) for side in sides):
            found.add(place)
    return found


@examples(40)
@given(graphs())
def test_the_rules_hold_in_every_history(graph: Graph) -> None:
    with tempfile.TemporaryDirectory() as folder:
        ids = build(Path(folder), graph)
        found = open_repository(Path(folder)).provenance({"privacy": ["1.0", "1.1", "2.0"]})
    last = len(graph) - 1
    brought = {path: ids.index(commit.sha) for path, commit in found.versions.items()}
    assert set(brought) == {path for path in graph[last][1] if path.startswith("versions/")}
    for path, place in brought.items():
        changed = changing(graph, path) & reachable(graph, last)
        same = {c for c in changed if graph[c][1].get(path) == graph[last][1][path]}
        assert place in same
        assert reachable(graph, place) & same == {place}
    for before, path in ((None, V10), (V10, V11), (V11, V20)):
        for clause, source in CLAUSES.items():
            expected = set()
            if path in brought and (before is None or before in brought):
                expected = reachable(graph, brought[path]) & changing(graph, source)
                expected -= reachable(graph, brought[before]) if before else set()
            edits = [ids.index(commit.sha) for commit in found.edits.get((path, clause), ())]
            assert set(edits) == expected
            assert not any(newer in reachable(graph, older) for newer, older in pairwise(edits))
