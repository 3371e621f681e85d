"""What templates of the journal ask for."""

from django import template
from django.utils.safestring import SafeString

from eios.lib.tabs import shown_to
from eios.templatetags.ui import pills
from journal.tabs import TABS

register = template.Library()


@register.simple_tag(takes_context=True)
def journal_tabs(context) -> SafeString:
    """The parts of the journal that open to the person who asks."""
    request = context["request"]
    return pills(shown_to(request.user, request.path, TABS), "Разделы журнала")
