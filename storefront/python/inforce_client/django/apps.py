"""The app as Django knows it, and what ``manage.py check`` says of ``settings.INFORCE``.

It tells of whatever would leave customers unasked, in silence. All are warnings, since no shop stands still for them.
No server is asked: which policies there are is looked up in the copy that was kept, and said in the log
(``inforce_client``) once there is a first one.
"""

from collections.abc import Iterator
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core import checks
from django.urls import NoReverseMatch, reverse

from inforce_client.django import conf

_KNOWN = ("MANIFEST", "DOCUMENTS", "COPY", "GATE", "LIMITS")


class InforceConfig(AppConfig):
    """``inforce_client.django`` in ``INSTALLED_APPS``."""

    name = "inforce_client.django"
    label = "inforce"
    verbose_name = "Policies"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Have ``manage.py check`` look at the settings."""
        checks.register(_settings_are_sound)


def _settings_are_sound(**_: Any) -> list[checks.CheckMessage]:
    return [checks.Warning(told, hint=hint, id=f"inforce.W00{number}") for number, told, hint in _faults()]


def _faults() -> Iterator[tuple[int, str, str]]:
    told = getattr(settings, "INFORCE", {})
    if unknown := [name for name in told if name not in _KNOWN]:
        yield 1, f"INFORCE has {', '.join(unknown)}, which nothing reads.", f"It knows {', '.join(_KNOWN)}."
    try:
        manifest = conf.client().manifest
    except (TypeError, ValueError) as error:
        yield 2, f"INFORCE['MANIFEST'] or another setting of INFORCE: {error}.", "Without a manifest nobody is asked."
        manifest = None
    named = conf.documents()
    if not named:
        yield 3, "INFORCE['DOCUMENTS'] is empty, so nobody is asked.", "Name policies by their ids."
    if manifest and (missing := [each for each in named if each not in manifest["documents"]]):
        known = f"The manifest that was kept has {', '.join(manifest['documents'])}."
        yield 4, f"INFORCE['DOCUMENTS'] has {', '.join(missing)}, of which nobody is asked.", known
    try:
        reverse("inforce:asked")
    except NoReverseMatch:
        hint = 'Add path("policies/", include("inforce_client.django.urls")).'
        yield 5, "The addresses that ask and take answers are not among the shop's.", hint
