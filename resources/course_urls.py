"""Addresses below /courses/: what is read first, then the authors' desk."""

from django.urls import path

from resources.views.courses import comments, desk, life, progress, reading

urlpatterns = [
    # Reading
    path("", reading.course_list, name="course_list"),
    path("<int:pk>/", reading.course_detail, name="course_detail"),
    path("<int:pk>/<int:number>/", reading.course_page, name="course_page"),
    path("<int:pk>/<int:number>/visit/", progress.course_visit, name="course_visit"),
    path("<int:pk>/<int:number>/read/", progress.course_read, name="course_read"),
    path("<int:pk>/<int:number>/mark/", progress.course_mark, name="course_mark"),
    path("<int:pk>/search/", reading.course_search, name="course_search"),
    path("<int:pk>/print/", reading.course_print, name="course_print"),
    path("mine/", reading.course_mine, name="course_mine"),
    path("desk/<int:pk>/use/", progress.desk_course_use, name="desk_course_use"),
    # The desk
    path("desk/", desk.course_desk, name="course_desk"),
    # Media
    # Life
    path("board/", life.course_board, name="course_board"),
    path("<int:pk>/copy/", life.course_copy, name="course_copy"),
    path("desk/<int:pk>/life/", life.desk_course_life, name="desk_course_life"),
    path("desk/<int:pk>/life/submit/", life.desk_course_submit, name="desk_course_submit"),
    path("desk/<int:pk>/life/withdraw/", life.desk_course_withdraw, name="desk_course_withdraw"),
    path("desk/<int:pk>/life/publish/", life.desk_course_publish, name="desk_course_publish"),
    path("desk/<int:pk>/life/send-back/", life.desk_course_send_back, name="desk_course_send_back"),
    path("desk/<int:pk>/life/revise/", life.desk_course_revise, name="desk_course_revise"),
    path("desk/<int:pk>/life/archive/", life.desk_course_archive, name="desk_course_archive"),
    path("desk/<int:pk>/life/restore/", life.desk_course_restore, name="desk_course_restore"),
    path("desk/<int:pk>/life/delete/", life.desk_course_delete, name="desk_course_delete"),
    path("desk/<int:pk>/read/", comments.desk_course_pages, name="desk_course_pages"),
    path("desk/<int:pk>/read/<int:part>/", comments.desk_course_read, name="desk_course_read"),
    path("desk/<int:pk>/remarks/<int:remark>/settle/", comments.desk_course_settle, name="desk_course_settle"),
    # Complexes
    # Exchange
]
