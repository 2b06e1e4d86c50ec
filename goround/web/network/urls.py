from django.urls import path

from goround.web.network import month, releases, report, snapshot, target

app_name = "network"
urlpatterns = [
    path("month/", month.month, name="month"),
    path("month/download/", month.month_csv, name="month_csv"),
    path("target/", target.target, name="target"),
    path("target/edit/", target.target_edit, name="target_edit"),
    path("snapshot/", snapshot.snapshot, name="snapshot"),
    path("report/", report.report, name="report"),
    path("report/pdf/", report.report_pdf, name="report_pdf"),
    path("releases/", releases.releases, name="releases"),
    path("releases/<int:release_number>/", releases.release, name="release"),
    path("releases/<int:release_number>/download/", releases.release_csv, name="release_csv"),
    path("releases/<int:release_number>/workbook/", releases.release_xlsx, name="release_xlsx"),
    path("releases/drafts/<int:draft_id>/", releases.draft, name="draft"),
    path("releases/drafts/<int:draft_id>/release/", releases.draft_publish, name="draft_publish"),
    path("releases/drafts/<int:draft_id>/aside/", releases.draft_aside, name="draft_aside"),
]
