"""What a text tells of the policy that it is: its kind, its language, where a reader writes, whose numbers it bears.

All are guesses, to be confirmed: nothing here decides, an editor's word always wins, and what is taken without one is
told.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence

from inforce.model import PREAMBLE, Clause, Numbering, Requirement
from inforce.redline.numbers import NAMED, at_head
from inforce.text.html import render

_PRIVACY = re.compile(
    r"privacy|datenschutz|confidentialité|privacidad|privacidade|données|data protection|隐私|隱私", re.I
)
_TERMS = re.compile(
    r"terms|conditions|nutzungsbedingungen|\bagb\b|agreement|términos|termini|condizioni|voorwaarden|条款|條款|协议|協議",
    re.I,
)
_OTHER = re.compile(r"polic|notice|statement|guidelines|política|政策", re.I)
_COMMON = {
    "en": "the of and to in is you that we your",
    "de": "der die das und ist nicht wir sie ihre mit",
    "fr": "le les des et est que nous vous votre dans",
    "es": "el los las y que para usted nosotros sus con",
    "it": "il gli della che per noi sono vostri con nel",
    "nl": "het een van en dat wij uw voor zijn niet",
    "pt": "os das que para você nós não seus com uma",
}
_SCRIPTS = (
    ("ja", re.compile("[\u3040-\u30ff]")),
    ("ko", re.compile("[\uac00-\ud7af]")),
    ("zh", re.compile("[\u4e00-\u9fff]")),
    ("ar", re.compile("[\u0600-\u06ff]")),
    ("he", re.compile("[\u0590-\u05ff]")),
    ("el", re.compile("[\u0370-\u03ff]")),
    ("th", re.compile("[\u0e00-\u0e7f]")),
)
_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)*\.[A-Za-z]{2,}")
_NUMBERED = re.compile(NAMED)
"""“Section K”, “ARTICLE 5”, “§ 3”, “第 3 条”, with a title behind it or none."""


def kind(title: str) -> str:
    """Return the kind of policy that a title names."""
    if _PRIVACY.search(title):
        return "privacy-policy"
    return "terms-of-service" if _TERMS.search(title) else "policy"


def is_title(text: str) -> bool:
    """Return whether a heading may well be a policy's title, by its words."""
    return any(pattern.search(text) for pattern in (_PRIVACY, _TERMS, _OTHER))


def requires(kind: str) -> Requirement:
    """Return what customers are asked to do: terms are accepted, a notice is acknowledged, anything else is told."""
    known = {"terms-of-service": Requirement.ACCEPT, "privacy-policy": Requirement.ACKNOWLEDGE}
    return known.get(kind, Requirement.INFORM)


def language(text: str) -> str:
    """Return the language that a text is most likely in, as a BCP 47 tag; empty where nothing tells."""
    letters = sum(character.isalpha() for character in text)
    for tag, script in _SCRIPTS:
        if len(script.findall(text)) * 5 > letters > 0:
            return tag
    words = Counter(re.findall(r"[^\W\d_]+", text.casefold()))
    found = {tag: sum(words[word] for word in common.split()) for tag, common in _COMMON.items()}
    first, second, *_ = sorted(found, key=lambda tag: -found[tag])
    return first if found[first] > 2 * found[second] else ""


def contact(text: str) -> str:
    """Return the mail address that a text names most often; empty where it names none."""
    addresses = Counter(address.lower() for address in _MAIL.findall(text))
    return f"mailto:{addresses.most_common(1)[0][0]}" if addresses else ""


def number_before(heading: str) -> str:
    """Return the number that a heading (text without marks) is written with, as it stands there; empty for none.

    A letter alone is a name, and “30 days to cancel” bears no number.
    """
    named = _NUMBERED.match(heading)
    return named[0] if named else at_head(f"{heading} A", True)


def heading_number(heading: str, place: int) -> str:
    """Return the same; a bare number only where it says the clause's ``place``, from 1 (“3 Fees”)."""
    found, first = number_before(heading), heading.partition(" ")[0]
    return found if found and not found.isdecimal() else first if first == str(place) else ""


def heading_numbers(clauses: Sequence[Clause]) -> Mapping[str, tuple[int, str]]:
    """Return, for each clause whose heading is written with a number, its place from 1 and that number."""
    headed = [clause for clause in clauses if clause.id != PREAMBLE]
    found = {clause.id: (place, heading_number(render(clause).title, place)) for place, clause in enumerate(headed, 1)}
    return {name: each for name, each in found.items() if each[1]}


def numbering(clauses: Sequence[Clause]) -> Numbering:
    """Return whose numbers a text from elsewhere seems to bear: its own, where half of its headings have some."""
    headed = sum(clause.id != PREAMBLE for clause in clauses)
    return Numbering.TEXT if headed and 2 * len(heading_numbers(clauses)) >= headed else Numbering.OURS
