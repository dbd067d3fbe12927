"""The list of recordings on the card, and how it stays fresh."""

from tests.builders import learner
from tests.shelved import recording, room_of


def test_a_learner_s_card_lists_what_is_ready_with_links_of_ours(platform):
    desk = learner(platform)
    row = recording(room_of(desk), description="All about waves.")
    card = desk.page().cssselect(".bbb-shelf")[0]
    text = " ".join(card.text_content().split())
    assert "Recordings (1)" in text
    assert "Lecture 1" in text
    assert "58 minutes" in text
    assert "All about waves." in text
    assert [link.text_content() for link in card.cssselect(".bbb-formats a")] == ["Slides and sound", "Video"]
    links = [link.get("href") for link in card.cssselect("a.bbb-play")]
    assert all("/handler/play?ticket=" in link and f"recording={row.pk}" in link for link in links)


def test_a_click_leads_to_the_playback(platform):
    desk = learner(platform)
    recording(room_of(desk))
    link = desk.page().cssselect(".bbb-formats a")[1].get("href")
    answer = desk.call("play", query=link.partition("?")[2])
    assert (answer.status_code, answer.location) == (302, "https://play.example.org/video/1")
