"""The technological passports of the demonstration school; the newest is not signed yet."""

import datetime

from accounts.actor import Actor
from accounts.models import User
from eios.lib.dates import start_of_day, today
from resources.actions.technology import add_sheet, sign_sheet
from resources.models import TechnologySheet

NOON = datetime.timedelta(hours=12)
SERVERS = "Портал — сервер в серверной, кабинет 12; резервные копии — на отдельном накопителе."
# Days ago; computers: all, in the network, on the internet, reaching libraries; channel, is it enough; Wi-Fi; notes.
YEARS = [
    (420, 84, 80, 78, 78, 50, False, 62, "Кабинет технологии без сети; на этажах начальной школы Wi-Fi не ловится."),
    (230, 92, 92, 90, 90, 100, True, 74, "Сеть проведена во все кабинеты."),
    (40, 96, 96, 96, 96, 100, True, 83, "Добавлены точки доступа на втором этаже."),
    (2, 98, 98, 98, 98, 200, True, 86, "Канал расширен."),
]


def write(administrator: User) -> None:
    """Passports made and signed as on the portal's pages; the newest one waits for its signature."""
    by = Actor(administrator, None, administrator.username)
    for number, (days, *figures, notes) in enumerate(YEARS, 1):
        names = (
            "computers",
            "in_network",
            "with_internet",
            "reaching_libraries",
            "channel",
            "channel_is_enough",
            "wifi",
        )
        date = today() - datetime.timedelta(days=days)
        values = dict(zip(names, figures, strict=True))
        sheet = add_sheet(TechnologySheet(date=date, servers=SERVERS, notes=notes, **values), by=by)
        if number < len(YEARS):
            sign_sheet(sheet, by=by)
        _then(sheet, date)


def _then(sheet: TechnologySheet, date: datetime.date) -> None:
    """As if it had been made, and signed, on its day."""
    rows = TechnologySheet.objects.filter(pk=sheet.pk)
    rows.update(made_at=start_of_day(date) + NOON)
    rows.filter(signed_at__isnull=False).update(signed_at=start_of_day(date) + NOON)
