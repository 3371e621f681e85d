"""`manage.py demo`: an invented school to look at and to try things on."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from accounts.actor import Actor
from eios.demo import logins, school, state, writer
from eios.demo.school import Options
from eios.demo.state import State
from eios.keys import readable_password
from eios.lib.dates import school_year_start, today

LIMITS = {"pupils": (9, 5000), "teachers": (2, 500), "years": (1, 9), "seed": (0, 2**31)}
WORDS = {"pupils": "обучающихся", "teachers": "учителей", "years": "учебных лет", "seed": "число --seed"}
REAL = "В базе есть настоящие люди: демонстрационной школы здесь не будет, ничего не изменено."
OTHER = (
    "Здесь уже стоит демонстрационная школа с другими параметрами ({found}). "
    "Чтобы снести её и построить новую, добавьте --replace."
)
MIXED = "В демонстрационной школе есть люди, заведённые вручную: сносить её нельзя."
FORGOTTEN = "тот, что был задан при создании"


class Command(BaseCommand):
    help = "Построить демонстрационную школу в пустой базе и напечатать её логины"

    def add_arguments(self, parser):
        parser.add_argument("--pupils", type=int, default=250, metavar="N", help="обучающихся (250)")
        parser.add_argument("--teachers", type=int, default=25, metavar="N", help="учителей (25)")
        parser.add_argument("--years", type=int, default=1, metavar="N", help="учебных лет, с этим (1)")
        parser.add_argument("--seed", type=int, default=29, metavar="N", help="то же число — та же школа (29)")
        parser.add_argument("--fresh", action="store_true", help="пароли ещё не сменены, соглашение не принято")
        parser.add_argument("--if-empty", action="store_true", help="ничего не менять, если в базе уже есть люди")
        parser.add_argument("--replace", action="store_true", help="снести прежнюю демонстрационную школу")

    def handle(self, *, if_empty: bool, replace: bool, **options):
        wanted = self._wanted(options)
        found = state.of_database()
        if found is State.EMPTY:
            self._build(wanted)
        elif found is State.REAL:
            self._refuse(REAL, politely=if_empty)
        elif if_empty or state.options_of_database() == wanted:
            self._print(settings.DEMO_PASSWORD if state.knows_password(settings.DEMO_PASSWORD) else FORGOTTEN)
        elif replace:
            self._replace(wanted)
        else:
            raise CommandError(OTHER.format(found=_in_words(state.options_of_database())))

    @staticmethod
    def _wanted(options: dict) -> Options:
        for name, (least, most) in LIMITS.items():
            if not least <= options[name] <= most:
                raise CommandError(f"{WORDS[name]}: нужно от {least} до {most}, а указано {options[name]}.")
        return Options(**{name: options[name] for name in ("pupils", "teachers", "years", "seed", "fresh")})

    def _refuse(self, reason: str, *, politely: bool) -> None:
        if not politely:
            raise CommandError(reason)
        self.stdout.write(reason)

    def _replace(self, wanted: Options) -> None:
        if state.has_real_people():
            raise CommandError(MIXED)
        state.wipe()
        self._build(wanted)

    def _build(self, wanted: Options) -> None:
        password = settings.DEMO_PASSWORD or readable_password()
        drawn = school.draw(wanted, school_year_start(today()), today())
        try:
            writer.write(drawn, wanted, password, by=Actor.command("demo"))
        except writer.NotEmptyError as error:
            raise CommandError(REAL) from error
        writer.analyze()
        self._print(password)

    def _print(self, password: str) -> None:
        self.stdout.write(logins.table(password))


def _in_words(options: Options) -> str:
    words = f"обучающихся {options.pupils}, учителей {options.teachers}, лет {options.years}, --seed {options.seed}"
    return f"{words}, --fresh" if options.fresh else words
