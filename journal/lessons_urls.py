"""Addresses of lessons, plan against fact, kinds of work."""

from django.urls import path

from journal.views import lesson_making, lesson_page, lessons, plan_fact, work_kinds

urlpatterns = [
    path("gradebooks/<int:pk>/lessons/", lessons.lesson_list, name="lesson_list"),
    path("gradebooks/<int:pk>/lessons/add/", lessons.lesson_add, name="lesson_add"),
    path("gradebooks/<int:pk>/lessons/topics/", lessons.lesson_topics, name="lesson_topics"),
    path("gradebooks/<int:pk>/lessons/programme/", lessons.lesson_programme, name="lesson_programme"),
    path("gradebooks/<int:pk>/lessons/generate/", lesson_making.lesson_generate, name="lesson_generate"),
    path("gradebooks/<int:pk>/plan/", plan_fact.plan_detail, name="plan_detail"),
    path("gradebooks/<int:pk>/plan/export/", plan_fact.plan_detail_export, name="plan_detail_export"),
    path("lessons/generate/", lesson_making.lesson_generate_all, name="lesson_generate_all"),
    path("lessons/<int:pk>/", lesson_page.lesson_detail, name="lesson_detail"),
    path("lessons/<int:pk>/remove/", lessons.lesson_remove, name="lesson_remove"),
    path("plan/", plan_fact.plan_list, name="plan_list"),
    path("plan/export/", plan_fact.plan_list_export, name="plan_list_export"),
    path("work-kinds/", work_kinds.work_kind_list, name="work_kind_list"),
    path("work-kinds/add/", work_kinds.work_kind_add, name="work_kind_add"),
    path("work-kinds/<int:pk>/change/", work_kinds.work_kind_change, name="work_kind_change"),
]
