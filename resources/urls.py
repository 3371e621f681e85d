from django.urls import path

from resources.views import availability, desk, elements, technology

app_name = "resources"
urlpatterns = [
    path("elements/", elements.element_list, name="element_list"),
    # Availability: before the cards, whose addresses would catch it
    path("elements/availability/", availability.availability_list, name="availability_list"),
    path("elements/<slug:slug>/", elements.element_detail, name="element_detail"),
    path("elements/<slug:slug>/training/", elements.element_training, name="element_training"),
    # The desk of an element's administrator
    path("desk/", desk.desk_list, name="desk_list"),
    path("desk/<slug:slug>/", desk.desk_element, name="desk_element"),
    path("desk/<slug:slug>/availability/", availability.desk_availability, name="desk_availability"),
    # The technological passport
    path("technology/", technology.technology_list, name="technology_list"),
    path("technology/add/", technology.technology_add, name="technology_add"),
    path("technology/export/", technology.technology_export, name="technology_export"),
    path("technology/<int:pk>/", technology.technology_detail, name="technology_detail"),
    path("technology/<int:pk>/change/", technology.technology_change, name="technology_change"),
    path("technology/<int:pk>/sign/", technology.technology_sign, name="technology_sign"),
]
