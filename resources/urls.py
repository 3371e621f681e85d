from django.urls import path

from resources import views

app_name = "resources"
urlpatterns = [
    path("elements/", views.element_list, name="element_list"),
    path("elements/<slug:slug>/", views.element_detail, name="element_detail"),
    path("elements/<slug:slug>/training/", views.element_training, name="element_training"),
]
