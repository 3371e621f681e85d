"""Addresses below /courses/: what is read first, then the authors' desk."""

from django.urls import path

from resources.views.courses import reading

urlpatterns = [
    # Reading
    path("", reading.course_list, name="course_list"),
    path("<int:pk>/", reading.course_detail, name="course_detail"),
    path("<int:pk>/<int:number>/", reading.course_page, name="course_page"),
    # The desk
    # Media
    # Life
    # Complexes
    # Exchange
]
