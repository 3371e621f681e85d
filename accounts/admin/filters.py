"""Filters of the lists: what is true of a row today. A value that is not offered filters nothing."""

import datetime

from django.contrib.admin import SimpleListFilter
from django.db.models import Exists, OuterRef

from accounts.models import Appointment, Enrolment, Position, SchoolClass
from accounts.order_pages import years_of_orders
from eios.lib.dates import today


class StatusFilter(SimpleListFilter):
    """Rows are people `with_standing`."""

    title = "статус сегодня"
    parameter_name = "status"
    CONDITIONS = {
        "pupil": {"standing_pupil": True},
        "employee": {"standing_employee": True},
        "parent": {"standing_parent": True},
        "none": {"standing_pupil": False, "standing_employee": False, "standing_parent": False, "is_superuser": False},
    }

    def lookups(self, request, model_admin):
        return [
            ("pupil", "обучающиеся"),
            ("employee", "работники"),
            ("parent", "родители"),
            ("none", "без статуса"),
        ]

    def queryset(self, request, queryset):
        return queryset.filter(**self.CONDITIONS.get(self.value(), {}))


class StateFilter(SimpleListFilter):
    """Rows are people `with_standing`."""

    title = "учётная запись"
    parameter_name = "state"
    CONDITIONS = {
        "blocked": {"standing_blocked": True},
        "issued": {"must_change_password": True},
        "waiting": {"standing_accepted": False},
        "never": {"last_login__isnull": True},
        "superuser": {"is_superuser": True},
    }

    def lookups(self, request, model_admin):
        return [
            ("blocked", "заблокированные"),
            ("issued", "пароль ещё не сменён"),
            ("waiting", "соглашение не принято"),
            ("never", "ни разу не входили"),
            ("superuser", "право на установку"),
        ]

    def queryset(self, request, queryset):
        return queryset.filter(**self.CONDITIONS.get(self.value(), {}))


class KeyFilter(SimpleListFilter):
    """Offers rows of a dictionary by their key."""

    def choices_from(self):
        raise NotImplementedError

    def lookups(self, request, model_admin):
        return [(str(row.pk), str(row)) for row in self.choices_from()]

    def chosen(self) -> str | None:
        """The key, if it is one of those offered."""
        return self.value() if self.value() in {key for key, _ in self.lookup_choices} else None


class ClassFilter(KeyFilter):
    """Rows are people."""

    title = "класс сегодня"
    parameter_name = "class"

    def choices_from(self):
        return SchoolClass.objects.of_year_on(today())

    def queryset(self, request, queryset):
        if self.chosen() is None:
            return queryset
        return queryset.filter(
            Exists(Enrolment.objects.on(today()).filter(pupil=OuterRef("pk"), school_class=self.chosen()))
        )


class PositionFilter(KeyFilter):
    """Rows are people."""

    title = "должность сегодня"
    parameter_name = "position"

    def choices_from(self):
        return Position.objects.all()

    def queryset(self, request, queryset):
        if self.chosen() is None:
            return queryset
        return queryset.filter(
            Exists(Appointment.objects.on(today()).filter(person=OuterRef("pk"), position=self.chosen()))
        )


class OrderYearFilter(SimpleListFilter):
    """Rows are orders."""

    title = "год"
    parameter_name = "year"

    def lookups(self, request, model_admin):
        return [(str(year), str(year)) for year in years_of_orders()]

    def queryset(self, request, queryset):
        offered = {key for key, _ in self.lookup_choices}
        return queryset.of_year(int(self.value())) if self.value() in offered else queryset


class InForceFilter(SimpleListFilter):
    """Rows are dated facts."""

    title = "действует"
    parameter_name = "in_force"

    def lookups(self, request, model_admin):
        return [("today", "сегодня"), ("later", "ещё не началось"), ("past", "закончилось")]

    def queryset(self, request, queryset):
        date: datetime.date = today()
        if self.value() == "today":
            return queryset.on(date)
        conditions = {"later": {"starts__gt": date}, "past": {"ends__lt": date}}
        return queryset.filter(**conditions.get(self.value(), {}))
