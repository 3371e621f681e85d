"""What is typed where a course is reviewed, copied, put away."""

from django import forms


class ReasonForm(forms.Form):
    """Why it is sent back or put away."""

    reason = forms.CharField(label="Причина", max_length=500, widget=forms.Textarea(attrs={"rows": 4}))


class CopyForm(forms.Form):
    title = forms.CharField(label="Как назвать копию", max_length=200)


class RemarkForm(forms.Form):
    text = forms.CharField(label="Новое замечание", max_length=2000, widget=forms.Textarea(attrs={"rows": 4}))


class AnswerForm(forms.Form):
    answer = forms.CharField(
        label="Ответ", max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Что сделано; можно оставить пустым.",
    )  # fmt: skip
