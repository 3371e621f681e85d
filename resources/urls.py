from django.urls import path

from resources.views import desk, elements, registry_files

app_name = "resources"
urlpatterns = [
    path("elements/", elements.element_list, name="element_list"),
    # Registry files and reviews: before cards, whose addresses they would be
    path("elements/export/<slug:kind>/", registry_files.element_export, name="element_export"),
    path("elements/import/", registry_files.element_import, name="element_import"),
    path("elements/import/<uuid:pk>/", registry_files.element_import_preview, name="element_import_preview"),
    path("elements/<slug:slug>/", elements.element_detail, name="element_detail"),
    path("elements/<slug:slug>/training/", elements.element_training, name="element_training"),
    # The desk of an element's administrator
    path("desk/", desk.desk_list, name="desk_list"),
    path("desk/<slug:slug>/", desk.desk_element, name="desk_element"),
]
