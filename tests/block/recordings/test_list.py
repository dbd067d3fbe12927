"""The list of recordings on the card, and the way to one of them."""

from tests.builders import learner
from tests.recorded import ADDRESS, make_recording


def test_a_learner_s_card_lists_what_is_ready_with_links_of_ours(platform):
    desk = learner(platform)
    row = make_recording(desk.room(), description="All about waves.")
    card = desk.page().cssselect(".bbb-shelf")[0]
    text = " ".join(card.text_content().split())
    for told in ("Recordings (1)", "Physics", "50 minutes", "All about waves."):
        assert told in text
    assert [link.text_content() for link in card.cssselect(".bbb-formats a")] == ["Slides and sound", "Video"]
    links = [link.get("href") for link in card.cssselect("a.bbb-play")]
    assert all("/handler/play?ticket=" in link and f"recording={row.pk}" in link for link in links)


def test_a_click_leads_to_the_playback(platform):
    desk = learner(platform)
    make_recording(desk.room())
    link = desk.page().cssselect(".bbb-formats a")[1].get("href")
    answer = desk.call("play", query=link.partition("?")[2])
    assert (answer.status_code, answer.location) == (302, f"{ADDRESS}video")
