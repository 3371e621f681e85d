"""News of the demonstration school: what schools tell through a year, one that will appear by itself, and drafts."""

import datetime
import io

from django.core.files.base import ContentFile
from django.utils import timezone
from PIL import Image, ImageDraw

from accounts import audit
from accounts.actions import files
from accounts.actor import Actor
from accounts.models import User
from resources.actions.privileges import grant
from resources.file_owners import NEWS_PICTURE
from resources.models import Element, News, Privilege

BASIS = "Демонстрационные данные"
TEXT = """## Что важно

- Расписание в этот день не меняется.
- Вопросы — классному руководителю или по телефону школы.

Подробности и документы — в разделах портала.
"""
# Days ago (less than none: days ahead), title, lead.
PUBLISHED = [
    (-3, "В субботу — школьная ярмарка", "Ярмарка открывается в 11:00 в спортивном зале. Выручка пойдёт на книги."),
    (1, "Открыта запись в кружок робототехники", "По средам и пятницам, для 5–8 классов. Заявления — до пятницы."),
    (4, "Библиотека получила новые учебники", "Учебники выдают по графику: сначала начальной школе, потом средней."),
    (9, "Итоги школьного этапа олимпиады", "В школьном этапе участвовали ученики 4–9 классов. Списки — в кабинетах."),
    (16, "День открытых дверей", "Родители будущих первоклассников познакомятся с учителями и кабинетами школы."),
    (24, "Каникулы начинаются в понедельник", "Школа работает по графику дежурств, библиотека открыта до обеда."),
    (33, "Посадили сиреневую аллею", "Шестиклассники посадили двадцать кустов сирени вдоль дорожки к стадиону."),
    (47, "Как войти на портал", "Логин и пароль выдают классные руководители. При первом входе пароль меняют."),
    (61, "Линейка первого сентября", "Начало в 9:00 на школьном дворе. В дождь — в спортивном зале."),
    (120, "Ремонт кабинета физики закончен", "В кабинете новая проводка, столы и вытяжной шкаф."),
    (185, "Последний звонок", "Девятиклассники прощаются со школой. Начало в 10:00."),
    (260, "Неделя русского языка", "Диктант для всех желающих, выставка старых букварей и конкурс чтецов."),
    (330, "Новогодние утренники", "Расписание утренников — у классных руководителей."),
    (400, "Школа подключилась к «Сферуму»", "Учителя и классы переходят в «Сферум»; как войти — в его карточке."),
]  # fmt: skip
DRAFTS = ["План на новый учебный год", "О питании во втором полугодии"]
PICTURE_OF, PICTURE_ALT = "Посадили сиреневую аллею", "Рисунок: ряд кустов сирени под голубым небом"


def write(by_login: dict[str, User], by: Actor) -> None:
    """The librarian writes the news of this school; everything in bulk."""
    librarian, now = by_login["librarian"], timezone.now()
    grant(Privilege(element=Element.objects.get(slug="news"), person=librarian, right=Privilege.Right.CONTRIBUTE,
                    starts=timezone.localdate(), basis=BASIS), by=by)  # fmt: skip
    picture = files.store(ContentFile(_lilac(), name="сирень.png"), kind=NEWS_PICTURE, by=by, owner=librarian)
    rows = [_published(librarian, now, *line) for line in PUBLISHED]
    for row in rows:
        if row.title == PICTURE_OF:
            row.picture, row.picture_alt = picture, PICTURE_ALT
    rows += [News(title=title, lead="Ещё пишется.", text="Ещё пишется.", made_by=librarian) for title in DRAFTS]
    News.objects.bulk_create(rows)
    audit.record_many(audit.entry(by, "news.added", row, {"state": [None, row.state]}, BASIS) for row in rows)


def _published(librarian: User, now: datetime.datetime, days: int, title: str, lead: str) -> News:
    moment = (now - datetime.timedelta(days=days)).replace(minute=0, second=0, microsecond=0)
    return News(
        title=title, lead=lead, text=TEXT, published_from=moment, state=News.State.PUBLISHED,
        made_by=librarian,
    )  # fmt: skip


def _lilac() -> bytes:
    """A drawing: no photograph of a child belongs into an invented school."""
    image = Image.new("RGB", (960, 540), "#cfe6f5")
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 400, 960, 540), fill="#8fbf7f")
    for left in range(60, 960, 180):
        draw.rectangle((left + 42, 330, left + 54, 430), fill="#6b4f3a")
        for across, down in ((0, 250), (40, 220), (20, 285), (60, 270)):
            draw.ellipse((left + across - 20, down, left + across + 50, down + 70), fill="#a98bd0")
    out = io.BytesIO()
    image.save(out, "PNG", optimize=True)
    return out.getvalue()
