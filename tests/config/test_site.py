"""What is the same for the whole site."""

from bbb_xblock import config


def test_the_site_is_told_apart_by_its_name_else_by_its_address(bucket, settings):
    settings.LMS_ROOT_URL = "https://lms.example.org/"
    assert config.site_salt() == "https://lms.example.org"
    for site, salt in (("our-site", "our-site"), ("", "https://lms.example.org"), (["x"], "https://lms.example.org")):
        bucket["SITE"] = site
        assert config.site_salt() == salt


def test_a_missing_lms_address_is_an_empty_text(bucket, settings):
    settings.LMS_ROOT_URL = None
    assert config.lms_root() == ""
