from django.urls import path

from goround.web.evidence import files, views

app_name = "evidence"
urlpatterns = [
    path("", views.surveys, name="surveys"),
    path("count/<int:survey_id>/", views.count, name="count"),
    path("<int:report_id>/", views.report, name="report"),
    path("<int:report_id>/methods/", views.methods, name="methods"),
    path("<int:report_id>/one-page/", views.one_page, name="one_page"),
    path("<int:report_id>/one-page.pdf", files.one_page_pdf, name="one_page_pdf"),
    path("<int:report_id>/figures.xlsx", files.figures_xlsx, name="figures_xlsx"),
    path("<int:report_id>/figures.csv", files.figures_csv, name="figures_csv"),
]
