"""What a librarian types about libraries and their pools → clean values (10.5, 10.6)."""

from django import forms
from django.core.validators import RegexValidator

from accounts.forms.credentials import KeysField
from accounts.models import SchoolClass
from eios.lib import tables
from eios.lib.filter_form import FilterForm
from resources import pool_answers, pool_files, pool_logins
from resources.models import Element, Pool, PoolAccount
from resources.pool_logins import ALPHABETS, LONGEST, MOST, SHORTEST, Numbering

OWN = "own"
PREFIX = RegexValidator(r"^[A-Za-z][A-Za-z0-9._-]*$", "Латинские буквы, цифры, точка, дефис; первой — буква.")
MOST_COLUMNS = 12
SPARE_COLUMNS = 3


class LibraryForm(forms.ModelForm):
    """Is the element a library, and how one gets in."""

    class Meta:
        model = Element
        fields = ["library_way", "how_to_get_in", "procedure_url"]
        labels = {
            "library_way": "Как попадают в библиотеку",
            "how_to_get_in": "Как войти, своими словами",
            "procedure_url": "Ссылка на порядок самой библиотеки",
        }
        help_texts = {
            "library_way": "Пусто, если это не библиотека. Закрыть библиотеку выше уровня 1 нельзя (пункт 10.1).",
            "how_to_get_in": "Прочитают те, кому открыта карточка.",
        }
        widgets = {"how_to_get_in": forms.Textarea(attrs={"rows": 5})}


class PoolForm(forms.ModelForm):
    """A new pool: how many accounts, what their logins and passwords are made of."""

    number = forms.IntegerField(label="Сколько учётных записей", min_value=1, max_value=MOST)
    prefix = forms.CharField(
        label="Начало логина", max_length=20, validators=[PREFIX],
        help_text="Например, kniga29- . По логину не должно быть видно, чей он.",
    )  # fmt: skip
    numbering = forms.ChoiceField(
        label="Дальше в логине", choices=[(Numbering.NUMBER, "номер: 001, 002, 003…"),
                                          (Numbering.RANDOM, "случайные буквы и цифры")],
        initial=Numbering.NUMBER, widget=forms.RadioSelect,
    )  # fmt: skip
    signs = forms.ChoiceField(
        label="Знаки пароля", choices=[(key, title) for key, (title, _) in ALPHABETS.items()] + [(OWN, "свои")],
        initial="small", help_text="Похожих знаков (0 и O, 1, l и I) в наборах нет.",
    )  # fmt: skip
    own_signs = forms.CharField(
        label="Свои знаки", max_length=100, required=False,
        help_text="Только если выбрано «свои»: латинские буквы, цифры и !#$%*?_, не меньше восьми разных.",
    )  # fmt: skip
    password_length = forms.IntegerField(label="Длина пароля", min_value=SHORTEST, max_value=LONGEST, initial=10)

    class Meta:
        model = Pool
        fields = ["name", "hands_out_itself"]
        labels = {"name": "Название партии", "hands_out_itself": "Выдавать по заявке сразу, пока есть свободные"}

    field_order = [
        "name", "number", "prefix", "numbering", "signs", "own_signs", "password_length", "hands_out_itself",
    ]  # fmt: skip

    def clean(self) -> dict:
        data = super().clean()
        signs = data.get("signs")
        own = "".join(sorted(set(data.get("own_signs") or "")))
        if signs == OWN and (len(own) < pool_logins.FEWEST_SIGNS or not set(own) <= pool_logins.OWN_SIGNS):
            self.add_error("own_signs", "Нужно не меньше восьми разных знаков: латинские буквы, цифры и !#$%*?_.")
        data["alphabet"] = own if signs == OWN else ALPHABETS.get(signs, ("", ""))[1]
        return data

    def pool(self, element: Element) -> Pool:
        """The unsaved pool of clean values."""
        data = self.cleaned_data
        pool = Pool(element=element, name=data["name"], hands_out_itself=data["hands_out_itself"])
        pool.prefix, pool.alphabet = data["prefix"], data["alphabet"]
        pool.password_length = data["password_length"]
        return pool


class ColumnForm(forms.Form):
    """A column of the file for the library; one without a title is left out."""

    title = forms.CharField(label="Название столбца", max_length=60, required=False)
    what = forms.ChoiceField(label="Что в нём", choices=list(pool_files.WHAT.items()))
    text = forms.CharField(label="Текст", max_length=100, required=False)

    def clean(self) -> dict:
        data = super().clean()
        if data.get("title") and data.get("what") == pool_files.CONSTANT and not data.get("text"):
            self.add_error("text", "Напишите текст, который будет в каждой строке.")
        return data


class BaseColumnFormSet(forms.BaseFormSet):
    ordering_widget = forms.NumberInput

    def clean(self) -> None:
        # What no form of ours sends has no count of columns.
        if not self.management_form.is_valid() or any(self.errors):
            return
        titles = [column["title"].casefold() for column in self.columns()]
        if len(titles) != len(set(titles)):
            raise forms.ValidationError("Два столбца называются одинаково.")
        if pool_files.LOGIN not in [column["what"] for column in self.columns()]:
            raise forms.ValidationError("Без столбца с логином библиотека не узнает учётную запись.")

    def columns(self) -> list[dict]:
        """Columns with a title, in order."""
        kept = [form.cleaned_data for form in self.ordered_forms if form.cleaned_data.get("title")]
        return [
            {
                "title": one["title"],
                "what": one["what"],
                "text": one["text"] if one["what"] == pool_files.CONSTANT else "",
            }
            for one in kept
        ]


ColumnFormSet = forms.formset_factory(
    ColumnForm, formset=BaseColumnFormSet, extra=SPARE_COLUMNS, can_order=True, max_num=MOST_COLUMNS,
    validate_max=True,
)  # fmt: skip


class ExportForm(forms.Form):
    format = forms.ChoiceField(label="Вид файла", choices=list(pool_files.FORMATS.items()), widget=forms.RadioSelect)


WORDS = {"accepted": "Слова «принята»", "refused": "Слова «отклонена»", "changed": "Слова «изменена»"}


class AnswerColumnsForm(forms.Form):
    """How the library calls the columns of its answer, and what its words mean; empty means the usual names."""

    listed_are_accepted = forms.BooleanField(label="В файле только принятые, столбца с ответом нет", required=False)

    def __init__(self, *args, mapping: dict, **kwargs):
        super().__init__(*args, **kwargs)
        for key, (title, also) in pool_answers.COLUMNS.items():
            self.fields[key] = forms.CharField(
                label=f"Столбец «{title.lower()}»", max_length=100, required=False, initial=mapping.get(key, ""),
                help_text=f"Обычно: {', '.join((title, *also[:3]))}.",
            )  # fmt: skip
        for key, title in WORDS.items():
            self.fields[f"{key}_words"] = forms.CharField(
                label=title, max_length=300, required=False, initial=", ".join(mapping.get(f"{key}_words", [])),
                help_text="Через запятую, как стоит в файле; обычные слова портал знает сам.",
            )  # fmt: skip
        self.initial.setdefault("listed_are_accepted", mapping.get("listed_are_accepted", False))

    def mapping(self) -> dict:
        """What was said, without what was left empty."""
        data = self.cleaned_data
        found = {key: data[key].strip() for key in pool_answers.COLUMNS if data[key].strip()}
        for key in WORDS:
            words = [word.strip() for word in data[f"{key}_words"].split(",") if word.strip()]
            found |= {f"{key}_words": words} if words else {}
        return found | ({"listed_are_accepted": True} if data["listed_are_accepted"] else {})


class AnswerForm(forms.Form):
    """The library's answer: a table of any kind, read at once; what is no answer is refused and kept nowhere."""

    file = forms.FileField(label="Файл ответа", help_text="XLSX, XLS, ODS, CSV или HTML, не больше 5 МБ.")
    MOST_BYTES = 5 * 1024 * 1024

    def __init__(self, *args, mapping: dict, **kwargs):
        super().__init__(*args, **kwargs)
        self.pool_mapping = mapping
        self.content = b""

    def clean_file(self):
        upload = self.cleaned_data["file"]
        if upload.size > self.MOST_BYTES:
            raise forms.ValidationError("Файл больше 5 МБ: столько в ответе библиотеки не бывает.")
        self.content = upload.read()
        try:
            pool_answers.read(self.content, self.pool_mapping)
        except tables.TableError as error:
            raise forms.ValidationError(str(error)) from error
        return upload


class AccountFilterForm(FilterForm):
    """Filters of a pool's accounts; a wrong value in the address is passed over."""

    q = forms.CharField(label="Поиск по логину", required=False, max_length=60)
    state = forms.ChoiceField(label="Состояние", required=False, choices=[("", "Все"), *PoolAccount.State.choices])


class ReceiverFilterForm(forms.Form):
    """Whom accounts are to be given: classes, or somebody by name."""

    q = forms.CharField(label="Одному человеку: фамилия, имя", required=False, max_length=200)
    school_class = forms.MultipleChoiceField(label="Классы", required=False)

    def __init__(self, *args, classes: list[SchoolClass], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["school_class"].choices = [(str(one.pk), one.name) for one in classes]

    def values(self) -> dict:
        self.is_valid()
        keys = [int(key) for key in self.cleaned_data.get("school_class", [])]
        return {"q": self.cleaned_data.get("q", "").strip(), "classes": keys}


CABINET, LETTER, LIBRARY = "cabinet", "letter", "library"


class GiveForm(forms.Form):
    """To whom, how, and what if there are too few."""

    person = KeysField(label="Кому", error_messages={"required": "Отметьте хотя бы одного человека."})
    channel = forms.ChoiceField(
        label="Как передать", widget=forms.RadioSelect, initial=CABINET,
        choices=[(CABINET, "в личном кабинете портала"),
                 (LETTER, "и ещё разовой ссылкой по почте, у кого она указана"),
            (LIBRARY, "выдаёт сама библиотека, в своём кабинете: только отметить")],
    )  # fmt: skip
    as_many = forms.BooleanField(label="Если свободных меньше, выдать скольким хватит", required=False)


class TakeBackForm(forms.Form):
    reason = forms.CharField(label="Почему", max_length=300, help_text="Например: выбыл из школы, больше не нужна.")


class FreeForm(forms.Form):
    password = forms.CharField(
        label="Новый пароль", min_length=SHORTEST, max_length=100, strip=True,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "off"}),
        help_text="Тот, который поставили у библиотеки. Прежний человек по старому паролю больше не войдёт.",
    )  # fmt: skip


class CloseForm(forms.Form):
    reason = forms.CharField(label="Примечание", max_length=300, required=False)
