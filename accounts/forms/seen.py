"""A form over a row that others edit too."""

import datetime

from django import forms
from django.utils import timezone
from django.utils.html import format_html

from accounts.marks import Seen, Stale, seen_of

LONGEST = 160


class SeenMixin:
    """Hidden in the form stands what the editor saw. Where the row has changed since, the form comes back once with
    all that was typed, and at every field that differs what is stored now; sent again, it is saved over it.

    The action gets `cleaned_data["seen"]` and asks once more under a lock. Before forms.ModelForm among the bases.
    `settled`: fields of the row that a field of another name settles. `more`: fields of the form besides the row's own
    that are compared with what is stored.
    """

    settled: tuple[str, ...] = ()
    more: tuple[str, ...] = ()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        fields = (*self._meta.fields, *self.settled)
        self._stored = None if self.instance._state.adding else self.seen_now(fields)
        self.fields["seen"] = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)
        self.initial["seen"] = self._stored.mark if self._stored else ""

    def seen_now(self, fields: tuple[str, ...]) -> Seen:
        """What stands in these fields; a form over more than one row says what stands in all of them."""
        return seen_of(self.instance, fields)

    def clean(self):
        values = super().clean()
        seen, self.cleaned_data["seen"] = self.cleaned_data.get("seen", ""), self._stored
        # Without the field nothing was shown before: not a page of the portal.
        if self._stored and seen and seen != self._stored.mark:
            self.add_error(None, Stale(type(self.instance)._base_manager.get(pk=self.instance.pk)))
            self.add_error(None, self._stored_now())
            self.data = self.data.copy()
            self.data[self.add_prefix("seen")] = self._stored.mark
        return values

    def _stored_now(self) -> str:
        """«Сейчас записано: Название — «…»», of the fields in which the stored row differs from what was typed."""
        differing = [self[name] for name in (*self._meta.fields, *self.more) if self._differs(name)]
        for field in differing:
            field.field.help_text = format_html(
                '<details><summary>Сейчас записано другое</summary><span class="stored">{}</span></details>',
                _words(field),
            )
        parts = [f"{field.label} — «{_cut(_words(field))}»" for field in differing]
        what = "; ".join(parts) if parts else "то же, что в вашей форме"
        return f"Сейчас записано: {what}. Отправьте форму ещё раз, чтобы записать своё поверх этого."

    def _differs(self, name: str) -> bool:
        field = self.fields[name]
        return field.has_changed(self[name].initial, self[name].data)


def _words(bound: forms.BoundField) -> str:
    """A stored value as people read it."""
    value, choices = bound.initial, dict(getattr(bound.field, "choices", None) or ())
    found = value if isinstance(value, list | tuple) else [value]
    return ", ".join(_word(one, choices) for one in found if one not in (None, "")) or "пусто"


def _word(value, choices: dict) -> str:
    if isinstance(value, datetime.datetime):
        return f"{timezone.localtime(value):%d.%m.%Y %H:%M}"
    if isinstance(value, datetime.date):
        return f"{value:%d.%m.%Y}"
    if isinstance(value, bool):
        return "да" if value else "нет"
    return str(choices.get(getattr(value, "pk", value), value))


def _cut(words: str) -> str:
    return words if len(words) <= LONGEST else f"{words[:LONGEST]}…"
