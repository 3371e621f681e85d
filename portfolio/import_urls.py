from django.urls import URLPattern, path

from portfolio.views import imports

urlpatterns: list[URLPattern] = [
    path("imports/", imports.import_list, name="import_list"),
    path("imports/olympiad/", imports.olympiad_add, name="olympiad_add"),
    path("imports/olympiad/template.xlsx", imports.olympiad_template, name="olympiad_template"),
    path("imports/record/", imports.record_add, name="record_add"),
    path("imports/record/template.xlsx", imports.record_template, name="record_template"),
    path("imports/<int:pk>/", imports.import_detail, name="import_detail"),
    path("imports/<int:pk>/answer/", imports.import_answer, name="import_answer"),
    path("imports/<int:pk>/apply/", imports.import_apply, name="import_apply"),
    path("imports/<int:pk>/undo/", imports.import_undo, name="import_undo"),
    path("imports/<int:pk>/drop/", imports.import_drop, name="import_drop"),
]
