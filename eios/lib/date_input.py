"""The field of a date as every form of the portal has it."""

from django import forms


def date_input() -> forms.DateInput:
    """The browser's own calendar; the value is written as the browser wants it."""
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
