"""The admin as somebody with a browser sees it: signed in, list after list, row after row."""

from urllib.parse import urlencode

from django.apps import apps
from django.contrib.admin import site
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import reverse
from lxml import html as lxml_html

MODELS = [model for model in apps.get_app_config("bbb_xblock").get_models() if model in site._registry]
TABLES = [str(model._meta.model_name) for model in MODELS]


def signed_in(*permissions: str, **details) -> Client:
    """Give the browser of a member of the staff with these permissions."""
    user = User.objects.create_user(f"staff{User.objects.count()}", is_staff=True, **details)
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    client = Client()
    client.force_login(user)
    return client


def address_of(table: str, **query: str) -> str:
    """Give the address of a list."""
    return f"{reverse(f'admin:bbb_xblock_{table}_changelist')}?{urlencode(query)}"


def page_of(client: Client, table: str, **query: str) -> lxml_html.HtmlElement:
    """Open a list."""
    answer = client.get(address_of(table, **query))
    assert answer.status_code == 200
    return lxml_html.fromstring(answer.content.decode())


def rows(client: Client, table: str, **query: str) -> int:
    """Count the rows that a list shows."""
    return len(page_of(client, table, **query).cssselect("#result_list tbody tr"))


def cells(client: Client, table: str) -> list[list[str]]:
    """Give the texts of a list, row by row, without the times."""
    found = page_of(client, table).cssselect("#result_list tbody tr")
    return [[cell.text_content().strip() for cell in row if "asked_at" not in cell.get("class", "")] for row in found]


def every_page(client: Client) -> dict[str, str]:
    """Open the start of the admin, every list, every filter's and search's answer, and every row."""
    found = {}
    addresses = [reverse("admin:index"), reverse("admin:app_list", args=["bbb_xblock"])]
    for table in TABLES:
        addresses.append(address_of(table))
    for address in addresses:
        answer = client.get(address)
        assert answer.status_code == 200, address
        found[address] = answer.content.decode()
        page = lxml_html.fromstring(found[address])
        filters = [link.get("href") for link in page.cssselect("#changelist-filter a")]
        for href in filters:
            answer = client.get(address.partition("?")[0] + href)
            assert answer.status_code == 200, href
            found[address + href] = answer.content.decode()
    for model, table in zip(MODELS, TABLES, strict=True):
        for row in model.objects.all():
            address = reverse(f"admin:bbb_xblock_{table}_change", args=[row.pk])
            answer = client.get(address)
            assert answer.status_code == 200, address
            found[address] = answer.content.decode()
    return found
