"""The app's addresses, which the LMS mounts at ``/bbb/`` (``apps.py``)."""

from django.urls import path

from bbb_xblock import name_page, pages, recording_pages, slides, views

app_name = "bbb_xblock"
urlpatterns = [
    path("status/", pages.status, name="status"),
    path("join/", pages.join, name="join"),
    path("left/", pages.left, name="left"),
    path("left/<str:token>", pages.left, name="left"),
    path("recordings/", recording_pages.recordings, name="recordings"),
    path("play/", recording_pages.play, name="play"),
    path("calendar/<str:ticket>.ics", pages.calendar, name="calendar"),
    path("name/", name_page.name, name="name"),
    path("slides/<str:token>/<str:name>", slides.fetch, name="slides"),
    path("trial-slides/<str:token>/<str:name>", views.trial_slides, name="trial_slides"),
    path("ended/<str:token>", views.ended, name="ended"),
    path("recorded/<str:token>", views.recorded, name="recorded"),
    path("recording-ready/<str:server>", views.recording_is_ready, name="recording_ready"),
    path("recording-ready/<str:server>/<str:meeting_id>", views.recording_is_ready, name="recording_ready"),
    path("analytics/<str:server>", views.analytics, name="analytics"),
]
