"""Records in Django's admin: to be searched and read, and changed by nobody."""

from typing import Any

from django.contrib import admin

from inforce_client.django.models import Record


@admin.register(Record)
class RecordAdmin(admin.ModelAdmin):
    """Records by policy, version, action and day."""

    list_display = ("received_at", "customer", "document", "version", "action")
    list_filter = ("document", "version", "action", "received_at")
    search_fields = ("uuid", "proof", "customer__username", "customer__email")
    list_select_related = ("customer",)
    ordering = ("-pk",)

    def has_add_permission(self, *_: Any, **__: Any) -> bool:
        """Only customers answer."""
        return False

    def has_change_permission(self, *_: Any, **__: Any) -> bool:
        """A record is never changed."""
        return False

    def has_delete_permission(self, *_: Any, **__: Any) -> bool:
        """``Record.objects.erase`` does, and says what stays."""
        return False
