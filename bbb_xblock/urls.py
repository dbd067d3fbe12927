"""The app's addresses, which the LMS mounts at ``/bbb/`` (``apps.py``)."""

from django.urls import path

from bbb_xblock.doors import callbacks, name_page, pages, slides
from bbb_xblock.doors.recordings import views as recordings

app_name = "bbb_xblock"
urlpatterns = [
    path("status/", pages.status, name="status"),
    path("join/", pages.join, name="join"),
    path("left/", pages.left, name="left"),
    path("left/<str:token>", pages.left, name="left"),
    path("recordings/", recordings.recordings, name="recordings"),
    path("play/", recordings.play, name="play"),
    path("calendar/<str:ticket>.ics", pages.calendar, name="calendar"),
    path("name/", name_page.name, name="name"),
    path("slides/<str:token>/<str:name>", slides.fetch, name="slides"),
    path("trial-slides/<str:token>/<str:name>", callbacks.trial_slides, name="trial_slides"),
    path("ended/<str:token>", callbacks.ended, name="ended"),
    path("recorded/<str:token>", callbacks.recorded, name="recorded"),
    path("recording-ready/<str:server>", callbacks.recording_is_ready, name="recording_ready"),
    path("recording-ready/<str:server>/<str:meeting_id>", callbacks.recording_is_ready, name="recording_ready"),
    path("analytics/<str:server>", callbacks.analytics, name="analytics"),
]
