"""Addresses below /courses/: what is read first, then the authors' desk."""

from django.urls import path

from resources.views.courses import comments, complexes, desk, exchange, life, media, parts, progress, reading

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
    path("desk/add/", desk.course_add, name="course_add"),
    path("desk/<int:pk>/", parts.desk_course, name="desk_course"),
    path("desk/<int:pk>/card/", desk.desk_course_card, name="desk_course_card"),
    path("desk/<int:pk>/authors/", desk.desk_course_authors, name="desk_course_authors"),
    path("desk/<int:pk>/authors/add/", desk.desk_course_author_add, name="desk_course_author_add"),
    path("desk/<int:pk>/authors/remove/", desk.desk_course_author_remove, name="desk_course_author_remove"),
    path("desk/<int:pk>/preview/", parts.desk_course_preview, name="desk_course_preview"),
    path("desk/<int:pk>/parts/<int:part>/", parts.desk_course_part, name="desk_course_part"),
    path("desk/<int:pk>/parts/<int:part>/move/", parts.desk_course_part_move, name="desk_course_part_move"),
    path("desk/<int:pk>/parts/<int:part>/remove/", parts.desk_course_part_remove, name="desk_course_part_remove"),
    path("desk/<int:pk>/parts/<int:part>/restore/", parts.desk_course_part_restore, name="desk_course_part_restore"),
    path("desk/<int:pk>/pages/<int:part>/", parts.desk_course_page, name="desk_course_page"),
    path("desk/<int:pk>/pages/<int:part>/autosave/", parts.desk_course_autosave, name="desk_course_autosave"),
    path("desk/<int:pk>/pages/<int:part>/versions/", parts.desk_course_versions, name="desk_course_versions"),
    path(
        "desk/<int:pk>/pages/<int:part>/versions/<int:version>/",
        parts.desk_course_version,
        name="desk_course_version",
    ),
    # Media
    path("desk/<int:pk>/media/", media.desk_course_media, name="desk_course_media"),
    path("desk/<int:pk>/media/<int:media>/", media.desk_course_media_change, name="desk_course_media_change"),
    path("desk/<int:pk>/media/<int:media>/delete/", media.desk_course_media_delete, name="desk_course_media_delete"),
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
    path("complexes/", complexes.complex_list, name="complex_list"),
    path("complexes/<int:pk>/", complexes.complex_detail, name="complex_detail"),
    path("complexes/begin/<int:programme>/", complexes.complex_begin, name="complex_begin"),
    path("complexes/<int:pk>/about/", complexes.complex_about, name="complex_about"),
    path("complexes/<int:pk>/fill/", complexes.complex_fill, name="complex_fill"),
    path("complexes/<int:pk>/fill/<int:topic>/", complexes.complex_fill, name="complex_fill_topic"),
    path("complexes/<int:pk>/take/", complexes.complex_take, name="complex_take"),
    path("complexes/<int:pk>/open/", complexes.complex_open, name="complex_open"),
    path("desk/<int:pk>/topics/", complexes.desk_course_topics, name="desk_course_topics"),
    # Exchange
    path("<int:pk>/archive/", exchange.course_archive, name="course_archive"),
    path("<int:pk>/html/", exchange.course_html, name="course_html"),
    path("desk/import/", exchange.course_import, name="course_import"),
    path("desk/<int:pk>/exchange/", exchange.desk_course_exchange, name="desk_course_exchange"),
    path("desk/<int:pk>/archive/", exchange.desk_course_archive, name="desk_course_archive"),
    path("desk/<int:pk>/html/", exchange.desk_course_html, name="desk_course_html"),
]
