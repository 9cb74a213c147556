"""What a text tells of the policy that it is: its kind, its language, where a reader writes.

All are guesses, to be confirmed: nothing here decides, an editor's word always wins, and what is taken without one is
told.
"""

import re
from collections import Counter

from inforce.model import Requirement

_PRIVACY = re.compile(
    r"privacy|datenschutz|confidentialité|privacidad|privacidade|données|data protection|隐私|隱私", re.I
)
_TERMS = re.compile(
    r"terms|conditions|nutzungsbedingungen|\bagb\b|agreement|términos|condizioni|voorwaarden|条款|條款", re.I
)
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


def kind(title: str) -> str:
    """Return the kind of policy that a title names."""
    if _PRIVACY.search(title):
        return "privacy-policy"
    return "terms-of-service" if _TERMS.search(title) else "policy"


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
