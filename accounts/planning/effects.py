"""What a line of each kind of order does: one short function a kind (6.5-6.7). They change rows in memory only.

A dismissal works until the end of its day, the last working one; everything else works from its first day.
"""

from collections.abc import Callable

from accounts import fact_rules
from accounts.fact_rules import CLASS_TEACHER, METHOD_GROUP_HEAD
from accounts.models import Appointment, Enrolment, OrderKind, OrderLine, Position, SchoolCard, SchoolClass, User
from accounts.planning.facts import day_before, is_main
from accounts.planning.kinds import KINDS, LEAVES_SCHOOL, MOVES_TO_CLASS
from accounts.planning.plan import LineProblem, Plan
from eios.lib import russian

Mode = OrderLine.Mode
NOT_AT_SCHOOL = "Не числится в школе на {date}."
NOT_EMPLOYED = "Не работает в школе {date}: сначала нужен приказ о приёме."


def _date(plan: Plan) -> str:
    return russian.short_date(plan.date)


# Pupils


def enrol(plan: Plan, line: OrderLine) -> None:
    """The pupil belongs to the class from the day on; an account is made, or the former one opens again."""
    person = _somebody(plan, line)
    current = plan.facts.enrolment_on(person, plan.date)
    if current:
        raise LineProblem(
            f"Уже числится в классе {current.school_class}, {fact_rules.term(current)}: для этого есть перевод."
        )
    _add_enrolment(plan, person, _class_of(line))
    plan.say(f"зачисляется в {line.school_class} с {_date(plan)}")
    for parent in line.parents:
        plan.relations.append((plan.current, parent))
        plan.say(f"законный представитель: {_full_name(parent)}")
        if not parent.get("document"):
            plan.warn(f"{_full_name(parent)}: документ не назван, основанием станет этот приказ.")
        if not (parent.get("phone") or parent.get("email")):
            plan.warn(f"{_full_name(parent)}: без телефона и почты, поэтому запись будет отдельная.")


def move(plan: Plan, line: OrderLine) -> None:
    """Another class from the day on; the former one ends on the eve."""
    person, target = line.person, _class_of(line)
    current = plan.facts.enrolment_on(person, plan.date) or plan.facts.enrolment_on(person, day_before(plan.date))
    if current is None:
        raise LineProblem(NOT_AT_SCHOOL.format(date=_date(plan)))
    if current.ended_by and current.ended_by.kind in LEAVES_SCHOOL:
        raise LineProblem(f"Выбывает из школы: {current.ended_by}. Сначала отмените его.")
    if current.school_class_id == target.pk:
        raise LineProblem(f"Уже в классе {target}.")
    _check_step(plan, current.school_class, target)
    if current.in_force_on(plan.date):
        plan.end(current, day_before(plan.date))
    _add_enrolment(plan, person, target)
    plan.say(f"из {current.school_class} в {target} с {_date(plan)}")


def leave(plan: Plan, line: OrderLine) -> None:
    """Leaves the school: from the day on the account is closed, what it holds stays."""
    current = plan.facts.enrolment_on(line.person, plan.date)
    if current is None:
        raise LineProblem(NOT_AT_SCHOOL.format(date=_date(plan)))
    later = [row for row in plan.facts.enrolments_of(line.person) if row.starts > plan.date]
    if later:
        raise LineProblem(f"Есть более позднее зачисление: {later[0].school_class}, {fact_rules.term(later[0])}.")
    plan.end(current, day_before(plan.date))
    plan.say(f"выбывает из {current.school_class} с {_date(plan)}")
    if plan.kind == OrderKind.GRADUATION and current.school_class.grade < SchoolCard.current().highest_grade:
        plan.warn(f"Класс {current.school_class} — не выпускной.")


def _check_step(plan: Plan, current: SchoolClass, target: SchoolClass) -> None:
    """Promotion is to the next grade of another year, repetition to the same one; a transfer stays within the year."""
    kind, is_other_year = plan.kind, current.year_id != target.year_id
    if kind == OrderKind.TRANSFER_CLASS:
        if is_other_year:
            raise LineProblem(f"Класс {target} — другого учебного года: для этого есть перевод в следующий класс.")
        if current.grade != target.grade:
            plan.warn(f"Параллель меняется: {current.grade} → {target.grade}.")
        return
    expected = current.grade if kind == OrderKind.REPEAT_YEAR else current.grade + 1
    if not is_other_year or target.grade != expected:
        raise LineProblem(f"Из {current} такой приказ переводит в {expected}-й класс следующего года, а не в {target}.")


def _add_enrolment(plan: Plan, person: User, school_class: SchoolClass) -> None:
    row = Enrolment(
        pupil=person, school_class=school_class, starts=plan.date, basis=plan.order.reference, order=plan.order
    )
    problem = fact_rules.outside_year(row, school_class)
    problem = problem or fact_rules.enrolment_conflict(row, plan.facts.enrolments_of(person))
    if problem:
        raise LineProblem(problem)
    plan.add(row)


# Employees


def hire(plan: Plan, line: OrderLine) -> None:
    """Holds the position from the day on; an account is made, or the former one opens again (6.6)."""
    person = _somebody(plan, line)
    _refuse_pupil(plan, person)
    _add_appointment(plan, person, _position_of(line), line)
    plan.say(f"{line.position} с {_date(plan)}")


def load(plan: Plan, line: OrderLine) -> None:
    """The initial load brings pupils (a class), employees (a position), and class teachers (both)."""
    if line.position is None and line.school_class is None:
        raise LineProblem("Укажите класс обучающегося или должность работника.")
    return hire(plan, line) if line.position else enrol(plan, line)


def transfer_job(plan: Plan, line: OrderLine) -> None:
    """Another position from the day on; the former one ends on the eve."""
    former = [row for row in _employed(plan, line) if is_main(row)]
    if line.replaced_position:
        former = [row for row in former if row.position_id == line.replaced_position_id]
    if not former:
        raise LineProblem("Не занимает должности, с которой переводят.")
    if former[0].ended_by and former[0].ended_by.kind == OrderKind.DISMISSAL:
        raise LineProblem(f"Увольняется: {former[0].ended_by}. Сначала отмените его.")
    if len(former) > 1:
        posts = ", ".join(row.title for row in former)
        raise LineProblem(f"Занимает несколько должностей ({posts}): укажите, с какой переводят.")
    plan.end(former[0], day_before(plan.date))
    _add_appointment(plan, line.person, _position_of(line), line)
    plan.say(f"{former[0].title} → {line.position} с {_date(plan)}")


def dismiss(plan: Plan, line: OrderLine) -> None:
    """The day is the last working one: every appointment ends with it, those to come are gone."""
    _employed(plan, line)
    for row in list(plan.facts.appointments_of(line.person)):
        if row.starts > plan.date:
            plan.remove(row)
        elif row.ends is None or row.ends > plan.date:
            plan.end(row, plan.date)
    plan.say(f"последний рабочий день — {_date(plan)}")
    if line.person.is_superuser:
        plan.warn("У человека останется право на установку: снимите его в учётной записи.")


def give_duty(plan: Plan, line: OrderLine) -> None:
    """A duty beside the position: given, given instead of another, or taken off from the day on."""
    code = KINDS[plan.kind].position
    if line.mode == Mode.RELEASE:
        return _release(plan, line, code)
    _employed(plan, line)
    if line.mode == Mode.REPLACE:
        _release_others(plan, line, code)
    position = plan.positions.get(code)
    if position is None:
        raise LineProblem("Такой должности нет в справочнике.")
    _refuse_beyond_employment(plan, line)
    _add_appointment(plan, line.person, position, line)
    return plan.say(f"{position}{_where(line)} с {_date(plan)}")


def act_for(plan: Plan, line: OrderLine) -> None:
    """Stands in for a while; the position keeps whoever holds it."""
    _employed(plan, line)
    _refuse_beyond_employment(plan, line)
    _add_appointment(plan, line.person, _position_of(line), line, is_acting=True)
    plan.say(f"и. о.: {line.position} с {_date(plan)} по {russian.short_date(line.ends)}")


def _release(plan: Plan, line: OrderLine, code: str) -> None:
    held = [
        row
        for row in plan.facts.appointments_on(line.person, plan.date)
        if row.position.code == code and _is_same_place(row, line)
    ]
    if not held:
        raise LineProblem(f"Не исполняет этих обязанностей {_date(plan)}.")
    for row in held:
        plan.end(row, day_before(plan.date))
        plan.say(f"больше не {row.title}{_where(line)} с {_date(plan)}")


def _release_others(plan: Plan, line: OrderLine, code: str) -> None:
    for row in list(plan.facts.holders(code, plan.date)):
        if row.person_id != line.person_id and not row.is_acting and _is_same_place(row, line):
            plan.end(row, day_before(plan.date))
            plan.say(f"вместо: {row.person}")


def _is_same_place(row: Appointment, line: OrderLine) -> bool:
    if row.position.code == CLASS_TEACHER or line.school_class_id:
        return row.school_class_id == line.school_class_id
    if row.position.code == METHOD_GROUP_HEAD:
        return row.method_group_id == line.method_group_id
    return True


def _where(line: OrderLine) -> str:
    place = line.school_class or line.method_group
    return f", {place}" if place else ""


def _add_appointment(plan: Plan, person: User, position: Position, line: OrderLine, *, is_acting=False) -> None:
    if line.ends and line.ends < plan.date:
        raise LineProblem("Последний день раньше первого.")
    row = Appointment(
        person=person, position=position, school_class=line.school_class, method_group=line.method_group,
        is_acting=is_acting, starts=plan.date, ends=line.ends, basis=plan.order.reference, order=plan.order,
    )  # fmt: skip
    _, problem = fact_rules.wrong_place(row)
    problem = problem or fact_rules.appointment_conflict(row, plan.facts.appointments)
    if problem:
        raise LineProblem(problem)
    plan.add(row)


# Whom and what the line names


def _somebody(plan: Plan, line: OrderLine) -> User:
    """The person of the line; a new one is made, unless somebody like that is known already."""
    if line.person_id:
        if not plan.facts.has_status(line.person, plan.date):
            plan.say("учётная запись откроется снова")
        return line.person
    known = plan.facts.namesake(line)
    if known and line.is_other:
        plan.warn(f"Тёзка с тем же днём рождения уже есть (логин {known.username}): указано, что это другой человек.")
    elif known:
        born = f", {russian.short_date(known.birth_date)}" if known.birth_date else ""
        raise LineProblem(
            f"Такой человек уже есть: {known}{born}, логин {known.username}. Выберите его, и запись откроется снова."
        )
    person = plan.facts.person(line)
    if not plan.facts.has_status(person, plan.date):
        plan.current.is_new_person = True
        plan.say("появится учётная запись")
    return person


def _employed(plan: Plan, line: OrderLine) -> list[Appointment]:
    rows = plan.facts.appointments_on(line.person, plan.date)
    if not rows:
        raise LineProblem(NOT_EMPLOYED.format(date=_date(plan)))
    return rows


def _refuse_beyond_employment(plan: Plan, line: OrderLine) -> None:
    """A duty does not outlast the work that it stands beside: else it would keep the account of one dismissed open."""
    rows = plan.facts.appointments_of(line.person)
    posts = [row for row in rows if is_main(row) and (row.ends is None or row.ends >= plan.date)]
    if not posts or any(row.ends is None for row in posts):
        return
    last = max(row.ends for row in posts)
    if line.ends is None or line.ends > last:
        raise LineProblem(f"Работает по {russian.short_date(last)}: укажите последний день поручения не позже этого.")


def _refuse_pupil(plan: Plan, person: User) -> None:
    if plan.facts.enrolment_on(person, plan.date):
        raise LineProblem("Это обучающийся: на должность принимают работников.")


def _class_of(line: OrderLine) -> SchoolClass:
    if line.school_class is None:
        raise LineProblem("Укажите класс.")
    return line.school_class


def _position_of(line: OrderLine) -> Position:
    if line.position is None:
        raise LineProblem("Укажите должность.")
    return line.position


def _full_name(data: dict) -> str:
    return " ".join(filter(None, (data.get(part, "") for part in ("surname", "name", "patronymic"))))


def of_no_line(plan: Plan, line: OrderLine) -> None:
    """Orders that move nobody, or speak of another order as a whole."""
    raise LineProblem("В таком приказе нет пунктов о людях.")


EFFECTS: dict[OrderKind, Callable[[Plan, OrderLine], None]] = {
    OrderKind.INITIAL_LOAD: load,
    OrderKind.ENROLMENT: enrol,
    **dict.fromkeys(MOVES_TO_CLASS, move),
    **dict.fromkeys(LEAVES_SCHOOL, leave),
    OrderKind.HIRE: hire,
    OrderKind.JOB_TRANSFER: transfer_job,
    OrderKind.DISMISSAL: dismiss,
    **{kind: give_duty for kind, rules in KINDS.items() if rules.position},
    OrderKind.ACTING: act_for,
    OrderKind.AMENDMENT: of_no_line,
    OrderKind.CANCELLATION: of_no_line,
    OrderKind.GENERAL: of_no_line,
}
