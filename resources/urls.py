from django.urls import path

from resources.views import desk, elements

app_name = "resources"
urlpatterns = [
    path("elements/", elements.element_list, name="element_list"),
    path("elements/<slug:slug>/", elements.element_detail, name="element_detail"),
    path("elements/<slug:slug>/training/", elements.element_training, name="element_training"),
    # The desk of an element's administrator
    path("desk/", desk.desk_list, name="desk_list"),
    path("desk/<slug:slug>/", desk.desk_element, name="desk_element"),
]
