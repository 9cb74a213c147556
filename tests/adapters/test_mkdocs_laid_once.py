"""A theme is laid out once for all pages of a kind, and the site is the one that it makes page by page."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from jinja2 import Template

from adapters import projects
from adapters.sites import AS_OF, build_site, content
from inforce.adapters import mkdocs_chrome, templates

CLAUSES = {"cookies": "We set {} cookies.", "contact": "Write to “us” & others, {} of us."}
HEADINGS = {"cookies": 'Cookies & "other" children\'s storage', "contact": "Contact"}


@pytest.fixture
def filled(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The pages that the theme was not asked for, by their titles."""
    found: list[str] = []
    fill = mkdocs_chrome._filled

    def noted(kind: mkdocs_chrome._Kind, words: tuple[str, ...]) -> str:
        found.append(words[1])
        return fill(kind, words)

    monkeypatch.setattr(mkdocs_chrome, "_filled", noted)
    return found


def project(root: Path, theme: str, hook: str = "") -> None:
    """A policy of four versions, whose headings hold what a theme may escape or take for its own."""
    projects.write_policy(root)
    for number in range(4):
        for name, words in CLAUSES.items():
            text = f"## {HEADINGS[name]}\n\n{words.format(number + 2)}\n"
            (root / f"policy/privacy/{name}.md").write_text(text, encoding="utf-8")
        at = projects.ANNOUNCED + timedelta(days=number)
        projects.publish(root, at=at, summary=f"Number {number}, with inforce{number}word & more.")
    projects.write_site(root, theme=theme, options=AS_OF)
    if hook:
        (root / "hook.py").write_text(hook, encoding="utf-8")
        with (root / "mkdocs.yml").open("a", encoding="utf-8") as settings:
            settings.write("hooks: [hook.py]\n")


def titled(number: str) -> str:
    return f"Shop Privacy, version {number}"


def both(root: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[dict[str, bytes], dict[str, bytes]]:
    """The site laid out once for each kind, and page by page."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1775000000")
    once = content(build_site(root, strict=False, target="once"))
    monkeypatch.setenv("INFORCE_NO_CACHE", "1")
    return once, content(build_site(root, strict=False, target="each"))


@pytest.mark.parametrize("theme", ["mkdocs", "readthedocs", "material"])
def test_the_site_is_the_same_byte_for_byte(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, filled: list[str], theme: str
) -> None:
    project(tmp_path, theme)
    once, each = both(tmp_path, monkeypatch)
    assert once == each
    assert {titled("1.2"), titled("1.3")} <= {*filled}, "these were not filled in, so nothing was compared"


def test_a_page_that_has_more_than_words_is_left_to_the_theme(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, filled: list[str]
) -> None:
    """What another plugin told the theme of one page is on that page, and on no other."""
    said = """
def on_page_context(context, page, config, nav):
    if page.url == "privacy/1.2/":
        page.meta["hide"] = ["toc"]
    if page.url == "privacy/1.3/":
        page.meta["author"] = "Somebody"
"""
    project(tmp_path, "material", said)
    once, each = both(tmp_path, monkeypatch)
    assert once == each
    assert not {titled("1.2"), titled("1.3")} & {*filled}
    assert titled("1.1") in filled
    assert b"Somebody" in once["privacy/1.3/index.html"]


def test_other_plugins_see_nothing_of_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, filled: list[str]) -> None:
    """What a page tells of itself can be copied and written down at any step, as that of any other page."""
    said = """
import copy, json

def on_page_context(context, page, config, nav):
    page.meta["said"] = json.dumps(copy.deepcopy(page.meta))

def on_post_page(output, page, config):
    page.meta.pop("said")
    return output + json.dumps(copy.deepcopy(page.meta))
"""
    project(tmp_path, "mkdocs", said)
    once, each = both(tmp_path, monkeypatch)
    assert once == each
    assert titled("1.3") in filled


@pytest.mark.parametrize(
    "template",
    [
        "{{ page.title | upper }} {{ page.content }}",
        "{{ page.title | striptags }} {{ page.content }}",
        "{{ page.content }} {{ page.url | url }} {{ page.canonical_url }} {{ page.file.src_uri }} {{ page.abs_url }}",
        "{{ page.content }} {% for each in page.toc %}{{ each.url }} {{ each.title | striptags | e }}{% endfor %}",
        "{{ page.content }} {{ page.meta.description | truncate(30) }} {{ page.toc | list | length }}",
        "{{ page.content }} {{ page.title | length }} {{ page.meta.get('description', '')[:1] }}",
    ],
)
def test_whatever_a_theme_makes_of_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, template: str) -> None:
    said = f"""
from jinja2 import ChoiceLoader, DictLoader

def on_env(env, config, files):
    env.loader = ChoiceLoader([DictLoader({{"main.html": {template!r}}}), env.loader])
"""
    project(tmp_path, "mkdocs", said)
    once, each = both(tmp_path, monkeypatch)
    assert once == each


def test_a_site_s_own_templates_lay_out_every_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, filled: list[str]
) -> None:
    project(tmp_path, "material")
    own = tmp_path / "own"
    own.mkdir()
    (own / "main.html").write_text("{{ page.content }}{% if '1.2' in page.url %}Mind this one.{% endif %}", "utf-8")
    settings = tmp_path / "mkdocs.yml"
    settings.write_text(settings.read_text("utf-8").replace("material}", "material, custom_dir: own}"), "utf-8")
    once, each = both(tmp_path, monkeypatch)
    assert once == each
    assert not filled
    assert b"Mind this one." in once["privacy/1.2/index.html"]


def test_a_changed_clause_is_laid_out_once_for_all_pages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project(tmp_path, "mkdocs")
    told: list[object] = []
    render = Template.render

    def noted(self: Template, *views: object, **values: object) -> str:
        if self.name == "inforce/_changed.html":
            told.append(values["clause"])
        return render(self, *views, **values)

    monkeypatch.setattr(Template, "render", noted)
    monkeypatch.setenv("INFORCE_NO_CACHE", "1")
    templates.environment.cache_clear()
    site = content(build_site(tmp_path, strict=False))
    shown = sum(page.count(b'<section class="if-clause if-clause--changed"') for page in site.values())
    assert 0 < len(told) < shown
    assert len(told) == len({*told})
