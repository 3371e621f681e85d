"""The table of demo logins that `manage.py demo` prints."""

from accounts.models import User
from eios.lib.dates import age_on, today
from eios.lib.russian import plural

# One login of each kind, and what it is good for; the numbered ones go on: pupil4, pupil5…
SHOWN = {
    "admin": "системный администратор",
    "director": "директор",
    "deputy": "заместитель директора по УВР",
    "teacher1": "учитель",
    "classteacher1": "классный руководитель",
    "pupil1": "обучающийся, принимает соглашение сам",
    "pupil2": "обучающийся, за которого соглашение принимает parent2",
    "pupil3": "обучающийся, за которого соглашение принимает parent1",
    "parent1": "родитель pupil1 и pupil3",
    "parent2": "родитель pupil2",
    "librarian": "библиотекарь, управляет электронными библиотеками",
    "support": "ответственный учитель информатики",
    "credentials": "выдаёт логины и пароли обучающимся",
}


def table(password: str) -> str:
    """Lines for the terminal; the numbers of people, and logins with whom they belong to."""
    people = {person.username: person for person in User.objects.filter(username__in=SHOWN, is_demo=True)}
    width = max(len(login) for login in people)
    lines = [f"  {login:<{width}}  {_line(people[login], about)}" for login, about in SHOWN.items() if login in people]
    return "\n".join([_totals(), f"Пароль у всех: {password}", "", *lines])


def _totals() -> str:
    date = today()
    found = User.objects.with_standing(date).filter(is_demo=True)
    counts = [
        (found.filter(standing_pupil=True).count(), "обучающийся", "обучающихся", "обучающихся"),
        (found.filter(standing_employee=True).count(), "работник", "работника", "работников"),
        (found.filter(standing_parent=True).count(), "родитель", "родителя", "родителей"),
    ]
    words = [f"{count} {plural(count, *forms)}" for count, *forms in counts]
    return f"Демонстрационная школа: {', '.join(words)}. Люди вымышлены."


def _line(person: User, about: str) -> str:
    place = ""
    if person.school_class_now:
        years = age_on(person.birth_date, today())
        place = f", {person.school_class_now}, {years} {plural(years, 'год', 'года', 'лет')}"
    elif person.led_classes:
        place = ", " + ", ".join(str(each) for each in person.led_classes)
    return f"{person.get_full_name()} — {about}{place}"
