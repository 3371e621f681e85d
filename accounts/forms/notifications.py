"""What people choose about notifications → clean values."""

from collections.abc import Mapping

from django import forms

from accounts.hints import NOTIFICATION_KINDS
from accounts.models import Mail
from eios.lib.filter_form import FilterForm


class InboxFilterForm(FilterForm):
    """Which lines the inbox shows; a wrong value in the address is passed over."""

    STATES = [("", "Все"), ("unread", "Непрочитанные")]

    state = forms.ChoiceField(label="Показать", required=False, choices=STATES)


class ReadAllForm(forms.Form):
    """«Прочитано всё»: up to the newest line that the page showed."""

    up_to = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**63 - 1)


class MailChoiceForm(forms.Form):
    """How letters of each registered kind shall go."""

    def __init__(self, *args, chosen: Mapping[str, str], **kwargs):
        super().__init__(*args, **kwargs)
        for name, mail in chosen.items():
            kind = NOTIFICATION_KINDS[name]
            self.fields[name] = forms.ChoiceField(
                label=kind.title, help_text=kind.about, choices=Mail, initial=mail, widget=forms.RadioSelect
            )

    def groups(self) -> list[tuple[str, list]]:
        """Fields under the headings of their kinds, in the order of registration."""
        groups: dict[str, list] = {}
        for field in self:
            groups.setdefault(NOTIFICATION_KINDS[field.name].group, []).append(field)
        return list(groups.items())
