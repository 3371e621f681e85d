"""News: what is typed → clean values."""

from django import forms

from accounts.forms.files import StoredFileField
from eios.lib.date_input import moment_input
from resources.file_owners import NEWS_PICTURE
from resources.models import News


class NewsForm(forms.ModelForm):
    """An item; a picture needs its words, since not everybody sees it."""

    picture_file = StoredFileField(NEWS_PICTURE, label="Картинка", required=False)
    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=40)

    field_order = ["title", "lead", "text", "picture_file", "picture_alt", "published_from", "seen"]

    class Meta:
        model = News
        fields = ["title", "lead", "text", "picture_alt", "published_from"]
        widgets = {
            "lead": forms.Textarea(attrs={"rows": 2}),
            "text": forms.Textarea(attrs={"rows": 14}),
            "published_from": moment_input(),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial["picture_file"] = self.instance.picture
        self.initial["seen"] = self.instance.version
        limits = self.fields["picture_file"].help_text
        self.fields["picture_file"].help_text = f"{limits} Дети на снимке — только с согласия родителей на публикацию."

    def clean(self):
        values = super().clean()
        picture = values.get("picture_file")
        if picture is False or picture is None:
            values["picture_alt"] = ""
        elif not values.get("picture_alt") and "picture_alt" not in self.errors:
            self.add_error("picture_alt", "Опишите картинку словами: без этого её не увидят незрячие.")
        return values


class NewsFilterForm(forms.Form):
    """The year as it stands in the address; a wrong value is passed over."""

    year = forms.IntegerField(label="Год", required=False, min_value=1900, max_value=2200)

    def values(self) -> dict[str, int | None]:
        self.is_valid()
        return {"year": self.cleaned_data.get("year")}
