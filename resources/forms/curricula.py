"""The grid of a curriculum, subjects × grades: what is typed in cells → clean values, errors at their cells."""

from decimal import Decimal

from django import forms

from resources import curricula
from resources.curricula import Filling, NewRow
from resources.forms.year_plans import BeginForm
from resources.models import Curriculum, CurriculumHours, CurriculumRow, Subject

Part = CurriculumRow.Part
NEW_ROWS = 3
FEDERAL, EMPTY = "federal", "empty"
# Words that schools use; a school may write its own.
USUAL_FORMS = (
    "контрольная работа",
    "диктант с грамматическим заданием",
    "проверка навыков чтения",
    "изложение",
    "сочинение",
    "тестирование",
    "комплексная работа",
    "устный зачёт",
    "защита проекта",
    "творческая работа",
    "сдача нормативов",
    "лингвистический тест",
    "среднее арифметическое отметок за периоды",
)


class CurriculumForm(BeginForm):
    """A new curriculum."""

    begin = forms.ChoiceField(
        label="С чего начать",
        choices=[(FEDERAL, "с часов федерального учебного плана"), (EMPTY, "с пустого плана")],
        widget=forms.RadioSelect,
        initial=FEDERAL,
    )

    class Meta(BeginForm.Meta):
        model = Curriculum


class HoursField(forms.DecimalField):
    """Hours of a cell: a comma will do, an empty cell is none."""

    def __init__(self, label: str, **kwargs):
        cell = CurriculumHours._meta.get_field("hours")
        widget = forms.TextInput(
            attrs={"inputmode": "decimal", "autocomplete": "off", "maxlength": 4, "aria-label": label}
        )
        super().__init__(label=label, required=False, max_digits=4, decimal_places=1, widget=widget, **kwargs)
        self.most = cell.validators
        self.error_messages |= {"invalid": "Нужно число.", "max_decimal_places": "Нужны целые часы или половины."}

    def to_python(self, value) -> Decimal:
        return super().to_python(str(value or "").strip().replace(",", ".")) or Decimal(0)

    def run_validators(self, value: Decimal) -> None:
        super().run_validators(value)
        if not value:
            return
        for validator in self.most:
            validator(value)


class GridForm(forms.Form):
    """All cells of a draft at once, rows to add and to take away; `version` is what the page was drawn from."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    title = forms.CharField(
        label="Уточнение", required=False, max_length=120, help_text="Если вариантов плана несколько."
    )
    week = forms.TypedChoiceField(label="Учебная неделя", choices=Curriculum.Week.choices, coerce=int)

    def __init__(self, *args, curriculum: Curriculum, **kwargs):
        super().__init__(*args, **kwargs)
        self.curriculum, self.grades = curriculum, list(curriculum.grades)
        self.rows = curricula.lines_of(curriculum)
        self.initial |= {"version": curriculum.version, "title": curriculum.title, "week": curriculum.week}
        weeks = {one.grade: one.weeks for one in curriculum.weeks.all()}
        for grade in self.grades:
            self.fields[f"weeks-{grade}"] = _weeks_field(grade, weeks.get(grade))
        for line in self.rows:
            self._add_cells(f"row-{line.row.pk}", line.row.name, [cell.words for cell in line.cells])
            self.fields[f"row-{line.row.pk}-gone"] = forms.BooleanField(
                label=f"Убрать строку: {line.row.name}", required=False
            )
        subjects = Subject.objects.select_related("area")
        choices = [("", "—"), *((str(one.pk), one.name) for one in subjects)]
        self.subjects = {str(one.pk): one for one in subjects}
        for number in range(NEW_ROWS):
            self._add_new_row(f"new-{number}", number + 1, choices)

    def _add_cells(self, prefix: str, name: str, values: list[str]) -> None:
        for grade, value in zip(self.grades, values, strict=True):
            self.fields[f"{prefix}-{grade}"] = HoursField(f"{name}, {grade} класс", initial=value)

    def _add_new_row(self, prefix: str, number: int, choices: list) -> None:
        where = f"новая строка {number}"
        self.fields[f"{prefix}-part"] = forms.ChoiceField(label=f"Часть плана, {where}", choices=Part.choices)
        self.fields[f"{prefix}-subject"] = forms.ChoiceField(label=f"Предмет, {where}", choices=choices, required=False)
        self.fields[f"{prefix}-title"] = forms.CharField(
            label=f"Курс внеурочной деятельности, {where}", max_length=200, required=False
        )
        self._add_cells(prefix, where.capitalize(), [""] * len(self.grades))

    # For the page

    def lines(self) -> list[tuple[str, CurriculumRow, list[forms.BoundField], forms.BoundField]]:
        """Rows as the page draws them: part (where a new one begins), row, cells, «take away»."""
        drawn, before = [], None
        for line in sorted(self.rows, key=lambda one: Part.values.index(one.row.part)):
            row, prefix = line.row, f"row-{line.row.pk}"
            heading = row.get_part_display() if row.part != before else ""
            drawn.append((heading, row, self._cells(prefix), self[f"{prefix}-gone"]))
            before = row.part
        return drawn

    def new_lines(self) -> list[tuple[list[forms.BoundField], list[forms.BoundField]]]:
        return [
            ([self[f"new-{number}-{name}"] for name in ("part", "subject", "title")], self._cells(f"new-{number}"))
            for number in range(NEW_ROWS)
        ]

    def weeks_fields(self) -> list[forms.BoundField]:
        return [self[f"weeks-{grade}"] for grade in self.grades]

    def troubles(self) -> list[forms.BoundField]:
        """Fields with errors, for the list above the grid."""
        return [field for field in self if field.errors]

    def _cells(self, prefix: str) -> list[forms.BoundField]:
        return [self[f"{prefix}-{grade}"] for grade in self.grades]

    # What was typed

    def clean(self) -> dict:
        values = super().clean()
        for number in range(NEW_ROWS):
            self._check_new(f"new-{number}", values)
        return values

    def _check_new(self, prefix: str, values: dict) -> None:
        part, subject, title = (values.get(f"{prefix}-{name}") for name in ("part", "subject", "title"))
        is_extra = part == Part.EXTRA
        if is_extra and subject:
            self.add_error(f"{prefix}-subject", "У внеурочного курса пишут название, предмет не выбирают.")
        elif not is_extra and title:
            self.add_error(f"{prefix}-title", "Название пишут только внеурочному курсу; здесь выберите предмет.")
        elif self._hours(prefix, values) and not (title if is_extra else subject):
            self.add_error(f"{prefix}-{'title' if is_extra else 'subject'}", "Часы указаны, а чего — нет.")
        elif subject and self._is_there(part, int(subject), values):
            self.add_error(f"{prefix}-subject", "Этот предмет в этой части плана уже есть.")

    def _is_there(self, part: str, subject: int, values: dict) -> bool:
        return any(
            line.row.part == part and line.row.subject_id == subject and not values.get(f"row-{line.row.pk}-gone")
            for line in self.rows
        )

    def _hours(self, prefix: str, values: dict) -> dict[int, Decimal]:
        return {grade: hours for grade in self.grades if (hours := values.get(f"{prefix}-{grade}"))}

    def filling(self) -> Filling:
        """What the action takes; of a valid form."""
        values = self.cleaned_data
        keys = [line.row.pk for line in self.rows]
        return Filling(
            title=values["title"],
            week=values["week"],
            weeks={grade: values[f"weeks-{grade}"] for grade in self.grades},
            hours={(key, grade): values[f"row-{key}-{grade}"] for key in keys for grade in self.grades},
            removed={key for key in keys if values[f"row-{key}-gone"]},
            added=[row for number in range(NEW_ROWS) if (row := self._new_row(f"new-{number}", values))],
        )

    def _new_row(self, prefix: str, values: dict) -> NewRow | None:
        subject, title = self.subjects.get(values[f"{prefix}-subject"]), values[f"{prefix}-title"]
        if subject is None and not title:
            return None
        return NewRow(values[f"{prefix}-part"], subject, title, self._hours(prefix, values))


def _weeks_field(grade: int, value: int | None) -> forms.IntegerField:
    widget = forms.TextInput(attrs={"inputmode": "numeric", "maxlength": 2, "aria-label": f"Недель, {grade} класс"})
    return forms.IntegerField(
        label=f"Недель, {grade} класс", min_value=1, max_value=52, initial=value, widget=widget
    )  # fmt: skip


class AttestationForm(forms.Form):
    """Forms of interim attestation by subject and grade, where there are hours."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    usual = forms.CharField(
        label="Для пустых клеток", required=False, max_length=80, help_text="Поставится везде, где форма не названа."
    )

    def __init__(self, *args, curriculum: Curriculum, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial["version"] = curriculum.version
        self.fields["usual"].widget.attrs["list"] = "usual-forms"
        self.rows = [line for line in curricula.lines_of(curriculum) if line.row.subject_id]
        for line in self.rows:
            for cell in line.cells:
                if cell.hours:
                    self.fields[f"row-{line.row.pk}-{cell.grade}"] = _words_field(line, cell)

    def lines(self) -> list[tuple[CurriculumRow, list[forms.BoundField | None]]]:
        """Rows with a field for each grade, None where the subject is not taught."""
        names = [(line.row, [f"row-{line.row.pk}-{cell.grade}" for cell in line.cells]) for line in self.rows]
        return [(row, [self[name] if name in self.fields else None for name in found]) for row, found in names]

    def usual_forms(self) -> tuple[str, ...]:
        return USUAL_FORMS

    def words(self) -> dict[tuple[int, int], str]:
        """What the action takes; of a valid form."""
        values, found = self.cleaned_data, {}
        for line in self.rows:
            for cell in line.cells:
                if cell.hours:
                    typed = values[f"row-{line.row.pk}-{cell.grade}"]
                    found[line.row.pk, cell.grade] = typed or values["usual"]
        return found


def _words_field(line: curricula.Line, cell: curricula.Cell) -> forms.CharField:
    label = f"{line.row.name}, {cell.grade} класс"
    widget = forms.TextInput(attrs={"list": "usual-forms", "aria-label": label})
    return forms.CharField(label=label, required=False, max_length=80, initial=cell.attestation, widget=widget)
