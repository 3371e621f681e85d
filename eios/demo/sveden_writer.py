"""«Сведения» of the demonstration school: what people type, nearly all of it; the budget's plan is left to do."""

import datetime
from collections.abc import Iterator

from accounts.actor import Actor
from accounts.models import SchoolCard, User
from eios.lib.dates import today
from resources.actions.documents import publish_edition, save_document
from resources.actions.privileges import name_administrator
from resources.models import ONE, Document, Element, SvedenCheck, SvedenValue
from resources.sveden import pages
from resources.sveden.table import sections

BASIS = "Демонстрационные данные"
ADDRESS = "352690, Краснодарский край, Апшеронский район, ул. Школьная, 29"
ACCESS = "Приспособлен: пандус, широкие двери, помощь дежурного"
# «Нет» of a field or, with an empty field, of a whole group.
NONE = None

# (subsection, group, row) → field → words, («words», address), or NONE.
TYPED = {
    ("common", "school", ONE): {
        "regDate": "01.09.1975",
        "workTime": "Понедельник — пятница с 8:00 до 18:00, суббота с 8:00 до 14:00; воскресенье — выходной",
        "licenseDocLink": ("Выписка из реестра лицензий, № Л035-00000-00/00000029",
                           "https://islod.obrnadzor.gov.ru/rlic/"),
    },
    ("common", "founders", 1): {
        "nameUchred": "Администрация муниципального образования Апшеронский район",
        "addressUchred": "352690, Краснодарский край, г. Апшеронск, ул. Вымышленная, 1",
        "telUchred": "8 (86152) 0-00-01",
        "mailUchred": "district@example.org",
        "websiteUchred": ("Сайт администрации", "https://district.example.org/"),
    },
    ("common", "places", ONE): {
        "addressPlaceSet": NONE, "addressPlacePrac": NONE, "addressPlacePodg": NONE,
        "addressPlaceGia": "По распоряжению министерства: пункт проведения экзаменов в г. Апшеронске",
        "addressPlaceDop": NONE, "addressPlaceOppo": NONE,
    },
    ("struct", "bodies", 1): {
        "name": "Общее собрание работников", "fio": "Избирается на каждое заседание", "post": "Председатель",
        "addressStr": ADDRESS, "site": NONE, "email": "school29@example.org",
        "divisionClauseDocLink": ("Устав школы, раздел 4", "@Устав"),
    },
    ("struct", "bodies", 2): {
        "name": "Педагогический совет", "fio": "Директор школы", "post": "Председатель", "addressStr": ADDRESS,
        "site": NONE, "email": "school29@example.org", "divisionClauseDocLink": ("Устав школы, раздел 4", "@Устав"),
    },
    ("struct", "branches", ONE): {"": NONE},
    ("struct", "offices", ONE): {"": NONE},
    ("document", "documents", ONE): {
        "ustavDocLink": ("", "@Устав"),
        "localActStud": ("", "@Правила внутреннего распорядка обучающихся"),
        "localActOrder": ("", "@Правила внутреннего трудового распорядка"),
        "localActCollec": NONE,
        "reportEduDocLink": ("", "@Отчёт о результатах самообследования"),
        "prescriptionDocLink": NONE,
        "priemDocLink": ("", "@Правила приёма обучающихся"),
        "modeDocLink": ("", "@Режим занятий обучающихся"),
        "tekKontrolDocLink": ("", "@Положение о текущем контроле и промежуточной аттестации"),
        "perevodDocLink": ("", "@Порядок перевода, отчисления и восстановления обучающихся"),
        "vozDocLink": ("", "@Порядок оформления отношений между школой и родителями"),
    },
    ("education", "general", ONE): {
        "accreditationDocLink": ("Выписка из реестра аккредитованных программ",
                                 "https://islod.obrnadzor.gov.ru/accredreestr/"),
        "languageEl": "Обучение ведётся на русском языке",
        "eduPriemEl": NONE,
        "eduPerevodEl": "В прошлом учебном году переведены в следующий класс все обучающиеся, восстановленных нет",
    },
    ("eduStandarts", "federal", 1): {
        "eduFedDoc": ("ФГОС начального общего образования (приказ Минпросвещения от 31.05.2021 № 286)",
                      "http://publication.pravo.gov.ru/Document/View/0001202107050028"),
    },
    ("eduStandarts", "federal", 2): {
        "eduFedDoc": ("ФГОС основного общего образования (приказ Минпросвещения от 31.05.2021 № 287)",
                      "http://publication.pravo.gov.ru/Document/View/0001202107050027"),
    },
    ("eduStandarts", "own", ONE): {"eduStandartDoc": NONE, "eduFedTreb": NONE, "eduStandartTreb": NONE},
    ("managers", "branches", ONE): {"": NONE},
    ("objects", "workshops", 1): {
        "addressPrac": ADDRESS, "namePrac": "Мастерская", "osnPrac": "Верстаки, станки, инструменты: 12 мест",
        "ovzPrac": "Не приспособлена: занятия переносят в кабинет 1 этажа",
    },
    ("objects", "libraries", 1): {"objName": "Библиотека, 18 мест", "objAddress": ADDRESS, "objOvz": ACCESS},
    ("objects", "sports", 1): {"objName": "Спортивный зал, 162 м²", "objAddress": ADDRESS, "objOvz": ACCESS},
    ("objects", "sports", 2): {"objName": "Спортивная площадка", "objAddress": ADDRESS, "objOvz": ACCESS},
    ("objects", "means", ONE): {
        "ovz": "Пандус у главного входа, кнопка вызова дежурного, широкие дверные проёмы на первом этаже",
        "purposeFacil": "Компьютеры, проекторы, лабораторное и спортивное оборудование, наглядные пособия",
        "purposeFacilOvz": "Увеличивающее оборудование, клавиатуры с крупными знаками",
        "comNet": "Локальная сеть и интернет во всех кабинетах, фильтрация содержимого",
        "comNetOvz": "Портал и сайт школы работают с программами чтения с экрана, есть версия для слабовидящих",
        "erListOvz": NONE, "techOvz": NONE, "hostelInfo": NONE, "interInfo": NONE,
    },
    ("grants", "support", ONE): {
        "grant": NONE,
        "support": "Бесплатное горячее питание 1–4 классов; льготное питание детей из многодетных семей",
        "hostelInfo": NONE, "interInfo": NONE, "hostelNum": NONE, "hostelNumOvz": NONE, "interNum": NONE,
        "interNumOvz": NONE, "localActObSt": NONE,
    },
    ("paid_edu", "paid", ONE): {"paidEdu": NONE, "paidDog": NONE, "paidSt": NONE, "paidParents": NONE},
    ("budget", "volumes", ONE): {
        "finBFVolume": "2 140 000 руб.", "finBRVolume": "31 870 000 руб.", "finBMVolume": "6 450 000 руб.",
        "finPVolume": NONE,
    },
    ("budget", "flows", 1): {
        "finYear": "Прошлый финансовый год", "finPost": "40 460 000 руб.",
        "finRas": "40 460 000 руб.: оплата труда 82 %, содержание здания 11 %, учебные расходы 7 %",
    },
    ("inter", "contracts", ONE): {"": NONE},
    ("catering", "meals", 1): {"objName": "Столовая, 120 мест", "objAddress": ADDRESS, "objOvz": ACCESS},
    ("catering", "health", ONE): {
        "health": "Медицинский кабинет, ежегодные осмотры, договор с районной больницей",
    },
}  # fmt: skip
ROOMS = {
    "Кабинет начальных классов": "15 двухместных парт, проектор, компьютер учителя",
    "Кабинет информатики": "12 компьютеров, проектор, локальная сеть",
    "Кабинет физики": "15 парт, лабораторные наборы, проектор",
    "Кабинет химии и биологии": "15 парт, вытяжной шкаф, микроскопы",
}
# The same in every row that the portal makes: a column that people type → words.
COLUMNS = {
    ("struct", "method_groups"): {
        "divisionClauseDocLink": ("Положение о ШМО", "@Положение о методических объединениях"),
    },
    ("education", "levels"): {"eduForm": "Очная", "eduPred": "Предметы федерального учебного плана"},
    ("education", "programmes"): {
        "educationPlan": ("Учебный план в составе основной программы", "@Основная образовательная программа"),
        "educationShedule": ("Календарный график в составе основной программы", "@Основная образовательная программа"),
        "educationRpd": ("Рабочие программы в составе основной программы", "@Основная образовательная программа"),
        "eduForm": "Очная",
        "opMain": ("", "@Основная образовательная программа"),
        "methodology": ("Рабочая программа воспитания", "@Основная образовательная программа"),
    },
    ("employees", "teachers"): {
        "degree": NONE, "academStat": NONE,
        "teachingDiscipline": "Предметы учебного плана своего класса и методического объединения",
        "teachingLevel": "Высшее — специалитет, педагогическое образование, учитель",
        "teachingOp": "Основная образовательная программа школы",
    },
    ("vacant", "vacant"): {"eduForm": "Очная", "numberBFVacant": "0", "numberBRVacant": "3", "numberBMVacant": "0",
                           "numberPVacant": NONE},
}  # fmt: skip


def write(users: dict[str, User], year_starts: datetime.date, *, by: Actor) -> None:
    """Everything in bulk; the deputy keeps the section, and the budget's plan is still to be published."""
    documents = _documents(year_starts, by)
    deputy = User.objects.get(pk=users["deputy"].pk)
    name_administrator(Element.objects.get(slug="sveden"), deputy, by=by, basis=BASIS)
    SvedenValue.objects.bulk_create(
        _value(place, field, said, documents, deputy)
        for place, fields in _typed().items()
        for field, said in fields.items()
    )
    SvedenValue.objects.bulk_create(list(_columns(documents, deputy)))
    SvedenCheck.objects.bulk_create(SvedenCheck(section=path, by=deputy) for path in sections())


def _typed() -> dict:
    rooms = {
        ("objects", "rooms", number): {"addressCab": ADDRESS, "nameCab": name, "osnCab": outfit, "ovzCab": ACCESS}
        for number, (name, outfit) in enumerate(ROOMS.items(), 1)
    }
    return TYPED | rooms


def _documents(year_starts: datetime.date, by: Actor) -> dict[str, Document]:
    """Acts that the pages name: each with an edition in force."""
    said = [*TYPED.values(), *COLUMNS.values()]
    links = [one[1] for group in said for one in group.values() if isinstance(one, tuple)]
    titles = dict.fromkeys(link[1:] for link in links if link.startswith("@"))
    return {title: _document(title, year_starts, by) for title in titles}


def _document(title: str, year_starts: datetime.date, by: Actor) -> Document:
    document = _known(title) or save_document(Document(title=title, kind=_kind(title)), by=by)
    text = f"## {title}\n\nТекст документа демонстрационной школы."
    publish_edition(document, text=text, in_force_from=year_starts, basis="Приказ директора", by=by)
    return document


def _known(title: str) -> Document | None:
    """The Charter stands among the acts of clause 1.2, without an edition."""
    return Document.objects.filter(kind=Document.Kind.CHARTER).first() if title == "Устав" else None


def _kind(title: str) -> str:
    kinds = {"Положение": Document.Kind.REGULATION, "Правила": Document.Kind.RULES, "Порядок": Document.Kind.RULES}
    return kinds.get(title.split()[0], Document.Kind.OTHER)


def _columns(documents: dict[str, Document], deputy: User) -> Iterator[SvedenValue]:
    """Rows that the portal makes today, with what people add where it knows nothing."""
    paths = dict.fromkeys(path for path, _ in COLUMNS)
    for page in pages.pages([sections()[path] for path in paths], SchoolCard.current(), today()):
        for filled in page.blocks:
            columns = COLUMNS.get((page.section.path, filled.block.key), {})
            for number, row in enumerate(() if filled.is_blank else filled.rows):
                lacking = {cell.field.key for cell in row.cells if cell.is_empty}
                said = columns | {"specExperience": str(2 + number * 7 % 33)}
                place = (page.section.path, filled.block.key, row.key)
                for field in lacking & said.keys():
                    yield _value(place, field, said[field], documents, deputy)


def _value(place, field: str, said, documents: dict[str, Document], author: User) -> SvedenValue:
    section, block, row = place
    value = SvedenValue(section=section, block=block, field=field, row=row, is_none=said is NONE, changed_by=author)
    if isinstance(said, tuple):
        value.text, link = said
        value.document = documents[link[1:]] if link.startswith("@") else None
        value.link = "" if value.document else link
    elif said is not NONE:
        value.text = said
    return value
