"""A form over a row that others edit too."""

from django import forms

from accounts.marks import Stale, seen_of

LONGEST = 160


class SeenMixin:
    """Hidden in the form stands what the editor saw. Where the row has changed since, the form comes back once with
    all that was typed and with what is stored now; sent again, it is saved over it.

    The action gets `cleaned_data["seen"]` and asks once more under a lock. Before forms.ModelForm among the bases.
    """

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self._stored = None if self.instance._state.adding else seen_of(self.instance, self._meta.fields)
        self.fields["seen"] = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)
        self.initial["seen"] = self._stored.mark if self._stored else ""

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
        """«Сейчас записано: название — «…»», of the fields in which the stored row differs from what was typed."""
        differing = [self[name] for name in self._meta.fields if self._differs(name)]
        parts = [f"{field.label.lower()} — {_shown(field)}" for field in differing]
        what = "; ".join(parts) if parts else "то же, что в вашей форме"
        return f"Сейчас записано: {what}. Отправьте форму ещё раз, чтобы записать своё поверх этого."

    def _differs(self, name: str) -> bool:
        field = self.fields[name]
        return field.has_changed(self[name].initial, self[name].data)


def _shown(bound: forms.BoundField) -> str:
    """A stored value in words, cut where it is long."""
    value = bound.initial
    choices = dict(getattr(bound.field, "choices", None) or ())
    if isinstance(value, list | tuple):
        words = ", ".join(str(one) for one in value) or "пусто"
    else:
        words = str(choices.get(value, value) if value not in (None, "") else "пусто")
    return f"«{words}»" if len(words) <= LONGEST else f"«{words[:LONGEST]}…»"
