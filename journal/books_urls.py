"""Addresses of gradebooks, the load and the school's decisions about them."""

from django.urls import path

from journal.views import cells, gradebooks, load, load_files, rules, subgroups

urlpatterns = [
    path("gradebooks/", gradebooks.gradebook_list, name="gradebook_list"),
    path("gradebooks/open/", gradebooks.gradebook_open, name="gradebook_open"),
    path("gradebooks/<int:pk>/", gradebooks.gradebook_detail, name="gradebook_detail"),
    path("gradebooks/<int:pk>/export/", gradebooks.gradebook_export, name="gradebook_export"),
    path("gradebooks/<int:pk>/cells/", cells.cell_save, name="cell_save"),
    path("lessons/<int:pk>/marks/", cells.lesson_marks, name="lesson_marks"),
    path("load/", load.load_list, name="load_list"),
    path("load/export/", load.load_export, name="load_export"),
    path("load/gaps/", load.load_gaps, name="load_gaps"),
    path("load/add/", load.load_add, name="load_add"),
    path("load/import/", load_files.load_import, name="load_import"),
    path("load/import/<uuid:key>/<int:pk>/", load_files.load_import_preview, name="load_import_preview"),
    path("load/<int:pk>/change/", load.load_change, name="load_change"),
    path("load/<int:pk>/end/", load.load_end, name="load_end"),
    path("load/<int:pk>/replace/", load.load_replace, name="load_replace"),
    path("subgroups/", subgroups.subgroup_list, name="subgroup_list"),
    path("subgroups/add/", subgroups.subgroup_add, name="subgroup_add"),
    path("subgroups/<int:pk>/change/", subgroups.subgroup_change, name="subgroup_change"),
    path("subgroups/<int:pk>/pupils/", subgroups.subgroup_distribute, name="subgroup_distribute"),
    path("rules/", rules.rule_list, name="rule_list"),
    path("rules/keeping/add/", rules.rule_keeping_add, name="rule_keeping_add"),
    path("rules/keeping/<int:pk>/change/", rules.rule_keeping_change, name="rule_keeping_change"),
    path("rules/keeping/<int:pk>/remove/", rules.rule_keeping_remove, name="rule_keeping_remove"),
    path("rules/scales/add/", rules.rule_scale_add, name="rule_scale_add"),
    path("rules/scales/<int:pk>/change/", rules.rule_scale_change, name="rule_scale_change"),
    path("rules/scales/<int:pk>/remove/", rules.rule_scale_remove, name="rule_scale_remove"),
]
