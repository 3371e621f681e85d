from django.urls import path

from portfolio.views import work_authors, works

urlpatterns = [
    path("works/", works.work_list, name="work_list"),
    path("works/add/", works.work_add, name="work_add"),
    path("works/pupils/", works.work_staff_list, name="work_staff_list"),
    path("works/<int:pk>/", works.work_detail, name="work_detail"),
    path("works/<int:pk>/change/", works.work_change, name="work_change"),
    path("works/<int:pk>/remove/", works.work_remove, name="work_remove"),
    path("works/<int:pk>/version/", works.version_change, name="version_change"),
    path("works/<int:pk>/seal/", works.version_seal, name="version_seal"),
    path("works/<int:pk>/next/", works.version_next, name="version_next"),
    path("works/<int:pk>/submit/", works.work_submit, name="work_submit"),
    path("works/<int:pk>/take-back/", works.work_take_back, name="work_take_back"),
    path("works/<int:pk>/authors/add/", work_authors.author_add, name="author_add"),
    path("works/<int:pk>/authors/agree/", work_authors.author_agree, name="author_agree"),
    path("works/<int:pk>/authors/decline/", work_authors.author_decline, name="author_decline"),
    path("works/<int:pk>/authors/leave/", work_authors.author_leave, name="author_leave"),
    path("works/<int:pk>/authors/<int:author>/remove/", work_authors.author_remove, name="author_remove"),
    path("pupils/<int:pk>/works/", works.pupil_work_list, name="pupil_work_list"),
]
