"""The field of a date, and of a moment, as every form of the portal has it."""

from django import forms


def date_input() -> forms.DateInput:
    """The browser's own calendar; the value is written as the browser wants it."""
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


def moment_input() -> forms.DateTimeInput:
    """Day and time together, in the school's own time."""
    return forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"})
