"""The parts of the journal for staff, each shown to whom it opens."""

from accounts.models import User
from eios.lib.tabs import Tab
from journal import rights


def everybody(person: User) -> bool:
    """Their pages show each person the own rows."""
    return True


def class_seers(person: User) -> bool:
    return rights.reads_all(person) or bool(person.led_classes)


def loaders(person: User) -> bool:
    return rights.manages(person) or bool(person.led_classes)


ATTESTATION = ("/journal/debts/", "/journal/exams/", "/journal/councils/")
TABS = (
    Tab("Журналы", "journal:gradebook_list", everybody),
    Tab("Не выставлено", "journal:unposted_list", everybody),
    Tab("Ввод", "journal:entry_detail", everybody),
    Tab("Нагрузка", "journal:load_list", everybody),
    Tab("Расписание", "journal:timetable", everybody, ("/journal/timetables/", "/journal/bells/", "/journal/rooms/")),
    Tab("Замены", "journal:change_list", rights.manages),
    Tab("Подгруппы", "journal:subgroup_list", rights.manages),
    Tab("Решения", "journal:rule_list", rights.manages),
    Tab("План и факт", "journal:plan_list", everybody, ("/journal/lessons/",)),
    Tab("Виды работ", "journal:work_kind_list", rights.manages),
    Tab("Загрузки", "journal:import_list", loaders),
    Tab("Аттестация", "journal:attestation_list", everybody, ATTESTATION),
    Tab("Ведомости", "journal:sheet_list", class_seers),
    Tab("Отчёты", "journal:report_list", everybody),
    Tab("Стол", "journal:desk", rights.reads_all),
)
