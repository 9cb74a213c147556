"""The app as Django knows it."""

from django.apps import AppConfig


class InforceConfig(AppConfig):
    """``inforce_client.django`` in ``INSTALLED_APPS``."""

    name = "inforce_client.django"
    label = "inforce"
    verbose_name = "Policies"
    default_auto_field = "django.db.models.BigAutoField"
