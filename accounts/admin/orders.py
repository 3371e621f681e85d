"""The desk of orders: for reading only, since they are drafted, signed and carried out on the portal's pages (6.5)."""

from django.contrib import admin
from django.http import HttpRequest
from django.utils.html import format_html

from accounts.admin.base import AuditedAdmin, ReadOnlyInline
from accounts.admin.filters import OrderYearFilter
from accounts.models import Order, OrderEffect, OrderLine

# An initial load has a thousand lines: they are read on the portal, a page at a time.
MOST_LINES = 200


class OrderLineInline(ReadOnlyInline):
    model = OrderLine
    fields = ["number", "full_name", "school_class", "position", "method_group", "mode", "ends", "place", "note"]
    readonly_fields = ["full_name"]
    show_change_link = False

    @admin.display(description="фамилия, имя, отчество")
    def full_name(self, line: OrderLine) -> str:
        return line.full_name

    def get_queryset(self, request):
        related = ("person", "school_class", "position", "method_group")
        return super().get_queryset(request).select_related(*related)


class OrderEffectInline(ReadOnlyInline):
    model = OrderEffect
    fk_name = "order"
    fields = ["person", "fact", "action", "undone_by"]
    show_change_link = False
    verbose_name_plural = "что сделано исполнением"

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("person", "undone_by")


@admin.register(Order)
class OrderAdmin(AuditedAdmin):
    """Books of orders, with what each has changed."""

    portal_page, portal_title = "accounts:order_list", "Приказы на портале"
    search_fields = ["search"]
    search_help_text = "Номер или слова заголовка"
    list_display = ["title_or_number", "kind", "title", "effective_on", "state", "register", "signatory_name"]
    list_filter = ["state", "register", "kind", OrderYearFilter]
    date_hierarchy = "date"
    ordering = ["-date", "-pk"]
    fields = [
        "page", "kind", "register", "state", "number", "date", "effective_on", "title", "basis", "signatory",
        "signatory_name", "changes", "created_by", "created_at", "executed_by", "executed_at", "size",
    ]  # fmt: skip
    readonly_fields = ["page", "size"]

    @admin.display(description="приказ", ordering="date")
    def title_or_number(self, order: Order) -> str:
        return str(order)

    @admin.display(description="на портале")
    def page(self, order: Order) -> str:
        return format_html('<a href="{}">Открыть приказ</a>', order.get_absolute_url())

    @admin.display(description="пунктов")
    def size(self, order: Order) -> str:
        count = order.lines.count()
        return str(count) if count <= MOST_LINES else f"{count}: читайте их на странице приказа"

    def get_inlines(self, request: HttpRequest, obj: Order | None):
        if obj is None or obj.lines.count() > MOST_LINES:
            return []
        return [OrderLineInline, OrderEffectInline]
