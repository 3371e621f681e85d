"""Addresses of the journal as it is printed."""

from django.urls import path

from journal.views import paper

urlpatterns = [
    path("gradebooks/<int:pk>/paper/", paper.gradebook_paper, name="gradebook_paper"),
    path("gradebooks/<int:pk>/paper/pdf/", paper.gradebook_paper_pdf, name="gradebook_paper_pdf"),
    path("classes/<int:pk>/paper/", paper.class_paper, name="class_paper"),
    path("classes/paper/<int:pk>/", paper.class_paper_ready, name="class_paper_ready"),
    path("classes/paper/<int:pk>/pdf/", paper.class_paper_pdf, name="class_paper_pdf"),
]
