"""What an author does in the editor, as the tests say it."""

from playwright.sync_api import Page


def preset(page: Page, name: str):
    return page.get_by_role("radio", name=name)


def row(page: Page, field: str):
    return page.locator(f'.bbb-row[data-field="{field}"]')


def date_of(page: Page, field: str):
    return row(page, field).get_by_label("Date and time")


def unfold(page: Page, heading: str) -> None:
    page.get_by_role("heading", name=heading, exact=True).click()


def unfold_all(page: Page) -> None:
    page.locator(".bbb-editor details").evaluate_all("all => all.forEach((one) => { one.open = true; })")


def save(page: Page) -> None:
    page.get_by_role("button", name="Save").click()


def saved(page: Page) -> None:
    save(page)
    page.wait_for_url("**/preview/**")
