"""The app as Django knows it."""

from django.apps import AppConfig
from django.core import checks

from inforce_client.django.checks import settings_are_sound


class InforceConfig(AppConfig):
    """``inforce_client.django`` in ``INSTALLED_APPS``."""

    name = "inforce_client.django"
    label = "inforce"
    verbose_name = "Policies"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Have ``manage.py check`` look at the settings."""
        checks.register(settings_are_sound)
