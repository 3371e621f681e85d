from django.urls import path

from resources.views import desk, desk_files, documents, elements

app_name = "resources"
urlpatterns = [
    path("elements/", elements.element_list, name="element_list"),
    path("elements/<slug:slug>/", elements.element_detail, name="element_detail"),
    path("elements/<slug:slug>/training/", elements.element_training, name="element_training"),
    # Documents and who has read them
    path("documents/", documents.document_list, name="document_list"),
    path("documents/<int:pk>/", documents.document_detail, name="document_detail"),
    path("documents/<int:pk>/editions/<int:number>/", documents.document_edition, name="document_edition"),
    path("documents/<int:pk>/acquaint/", documents.document_acquaint, name="document_acquaint"),
    path("documents/<int:pk>/readers/", documents.document_readers, name="document_readers"),
    # The desk of an element's administrator
    path("desk/", desk.desk_list, name="desk_list"),
    path("desk/<slug:slug>/", desk.desk_element, name="desk_element"),
    # Files inside a card
    path("desk/<slug:slug>/files/", desk_files.desk_files, name="desk_files"),
    path("desk/<slug:slug>/files/<int:pk>/remove/", desk_files.desk_file_remove, name="desk_file_remove"),
]
