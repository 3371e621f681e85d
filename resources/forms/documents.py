"""What people tick, type and choose at documents → clean values."""

from django import forms
from django.core.exceptions import ValidationError

from accounts.forms.files import StoredFileField
from accounts.forms.seen import SeenMixin
from accounts.models import AgreementEdition, Order, Position, SchoolClass
from accounts.models.orders import POSSIBLE_DAYS
from eios.lib.date_input import date_input
from eios.lib.dates import today
from eios.lib.filter_form import FilterForm
from resources import documents
from resources.file_owners import DOCUMENT_FILE
from resources.models import Document, Edition, MustRead


class AcquaintForm(forms.Form):
    """«Ознакомлен(а)». It remembers which edition was read, and where the person was going."""

    edition = forms.ModelChoiceField(Edition.objects.all(), widget=forms.HiddenInput)
    next = forms.CharField(widget=forms.HiddenInput, required=False, max_length=2000)


class _FilterForm(FilterForm):
    """Filters as they stand in the address; a wrong value is passed over, not an error."""


class ReadersFilterForm(_FilterForm):
    """Whom the list of readers shows."""

    STATES = [("", "Все"), ("waiting", "Не ознакомлены"), ("read", "Ознакомлены")]

    q = forms.CharField(label="Поиск по людям", required=False, max_length=200)
    state = forms.ChoiceField(label="Ознакомление", required=False, choices=STATES)


class DocumentFilterForm(_FilterForm):
    """Which documents the list shows; those that are still to come, only to those who fill the section."""

    q = forms.CharField(label="Поиск по документам", required=False, max_length=200)
    level = forms.ChoiceField(
        label="Уровень", required=False,
        choices=[("", "Все"), *((one.value, one.label.capitalize()) for one in documents.LEVELS)],
    )  # fmt: skip
    kind = forms.ChoiceField(label="Вид", required=False, choices=[("", "Любой вид"), *Document.Kind.choices])
    state = forms.ChoiceField(label="Сила", required=False, choices=documents.STATES)

    def __init__(self, *args, sees_coming: bool = False, **kwargs):
        super().__init__(*args, **kwargs)
        if sees_coming:
            self.fields["state"].choices = [*documents.STATES, documents.COMING]


class CompareForm(forms.Form):
    """Which two editions to compare: by their numbers, among those that have begun."""

    old = forms.TypedChoiceField(label="Было", coerce=int)
    new = forms.TypedChoiceField(label="Стало", coerce=int)

    def __init__(self, *args, editions: list[Edition], **kwargs):
        super().__init__(*args, **kwargs)
        choices = [(one.number, f"№ {one.number} от {one.in_force_from:%d.%m.%Y}") for one in editions]
        self.fields["old"].choices = self.fields["new"].choices = choices

    def numbers(self, default: tuple[int, int]) -> tuple[int, int]:
        """Numbers of the two; the default where the address says something else."""
        if not self.is_valid():
            return default
        return self.cleaned_data["old"], self.cleaned_data["new"]


class DocumentForm(SeenMixin, forms.ModelForm):
    """What a document is and where it was published; its texts are editions."""

    settled = ("file",)

    date = forms.DateField(label="Дата", required=False, widget=date_input())
    file = StoredFileField(DOCUMENT_FILE, label="Файл", required=False)

    class Meta:
        model = Document
        fields = ["level", "kind", "title", "short_name", "issuer", "number", "date", "official_url"]
        widgets = {"title": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial["file"] = self.instance.file

    def clean_title(self):
        # A title is one line, however it was pasted.
        return " ".join(self.cleaned_data["title"].split())


class EditionForm(SeenMixin, forms.ModelForm):
    """A text from a day on, how it was adopted and what approved it (13.1)."""

    settled = ("file",)

    in_force_from = forms.DateField(label="Действует с", widget=date_input(), initial=today, validators=POSSIBLE_DAYS)
    protocol_date = forms.DateField(label="Дата протокола", required=False, widget=date_input())
    file = StoredFileField(DOCUMENT_FILE, label="Файл вместо текста или вместе с ним", required=False)
    order = forms.ModelChoiceField(
        Order.objects.none(), label="Приказ об утверждении", required=False, empty_label="без приказа портала",
        help_text="Исполненные приказы по основной деятельности.",
    )  # fmt: skip
    agreement = forms.ModelChoiceField(
        AgreementEdition.objects.all(), label="Редакция соглашения", required=False, empty_label="не меняется",
        help_text="Если вместе с документом меняется пользовательское соглашение.",
    )  # fmt: skip

    class Meta:
        model = Edition
        fields = [
            "in_force_from", "text", "adopted_by", "protocol_number", "protocol_date", "parents_opinion",
            "pupils_opinion", "order", "basis", "agreement",
        ]  # fmt: skip
        labels = {"basis": "Чем утверждена, если приказа на портале нет"}
        widgets = {"text": forms.Textarea(attrs={"rows": 20})}

    field_order = ["in_force_from", "text", "file"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        orders = Order.objects.approving()
        # The order that stands there stays a choice: that it was cancelled is told by the action.
        self.fields["order"].queryset = orders | Order.objects.filter(pk=self.instance.order_id)
        self.fields["text"].strip = False
        self.initial["file"] = self.instance.file

    def clean(self):
        values = super().clean()
        if "file" in values and not (values.get("text", "").strip() or values["file"]):
            raise ValidationError({"text": "Наберите текст редакции или приложите файл."})
        return values


class PreviewForm(forms.Form):
    """The text of an edition, to be looked at before it is kept; nothing else of that page matters here."""

    text = forms.CharField(required=False, max_length=Edition._meta.get_field("text").max_length)


class LoseForceForm(forms.Form):
    """From which day a document is in force no more, and what stands instead of it."""

    on = forms.DateField(
        label="Утратил силу с", widget=date_input(), initial=today, help_text="С этого дня документ не действует."
    )
    replaced_by = forms.ModelChoiceField(
        Document.objects.none(), label="Заменён документом", required=False, empty_label="не заменён"
    )

    def __init__(self, *args, document: Document, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["replaced_by"].queryset = Document.objects.exclude(pk=document.pk).order_by("title", "date")


class MustReadForm(forms.ModelForm):
    """Who must read a document: a status, a class of this year or a position."""

    class Meta:
        model = MustRead
        fields = ["status", "school_class", "position", "days"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["school_class"].queryset = SchoolClass.objects.of_year_on(today()).order_by("grade", "letter")
        self.fields["position"].queryset = Position.objects.order_by("order", "name")
        for name, empty in (("school_class", "не класс"), ("position", "не должность")):
            self.fields[name].empty_label = empty
        self.fields["status"].choices = [("", "не статус"), *MustRead.Status.choices]


class SheetForm(forms.Form):
    """Whose sheet of acquaintance to print: pupils or parents of a class, or the staff."""

    WHO = [("pupils", "Обучающиеся"), ("parents", "Законные представители")]

    school_class = forms.ModelChoiceField(SchoolClass.objects.none(), label="Класс", required=False)
    who = forms.ChoiceField(label="Кто", required=False, choices=WHO)

    def __init__(self, *args, classes, with_staff: bool, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["school_class"].queryset = classes
        if with_staff:
            self.fields["who"].choices = [*self.WHO, ("staff", "Работники")]

    def values(self) -> dict:
        """Clean values: the first class and its pupils, where the address says nothing of use."""
        self.is_valid()
        chosen = self.cleaned_data.get("school_class") or self.fields["school_class"].queryset.first()
        return {"school_class": chosen, "who": self.cleaned_data.get("who") or "pupils"}
