import base64

from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from bbb_xblock.bbb import Document, modules_body


def written(*documents: Document) -> list[etree._Element]:
    root = etree.fromstring(modules_body(documents))
    assert root.tag == "modules"
    assert [dict(module.attrib) for module in root] == [{"name": "presentation"}]
    return list(root[0])


def test_a_document_by_address_is_written_with_both_switches() -> None:
    (element,) = written(Document(url="https://files.example.org/a.pdf?x=1&y=2", filename="a.pdf"))
    assert dict(element.attrib) == {
        "url": "https://files.example.org/a.pdf?x=1&y=2",
        "filename": "a.pdf",
        "downloadable": "false",
        "removable": "true",
    }
    assert element.text is None


def test_a_document_may_leave_its_name_to_its_address() -> None:
    (element,) = written(Document(url="https://files.example.org/a.pdf", downloadable=True, removable=False))
    assert "filename" not in element.attrib
    assert (element.get("downloadable"), element.get("removable")) == ("true", "false")


def test_bytes_travel_as_base64_under_a_name() -> None:
    content = bytes(range(256))
    (element,) = written(Document(content=content, filename='"<b>".pdf', current=True))
    assert base64.b64decode(element.text or "") == content
    assert (element.get("name"), element.get("current")) == ('"<b>".pdf', "true")
    assert "filename" not in element.attrib


def test_what_xml_cannot_hold_is_left_out_of_a_name() -> None:
    (element,) = written(Document(content=b"x", filename="a\ufffe\uffff\x00b.pdf"))
    assert element.get("name") == "ab.pdf"


def test_documents_keep_their_order() -> None:
    names = ["b.pdf", "a.pdf", "c.pdf"]
    assert [each.get("name") for each in written(*(Document(content=b"x", filename=name) for name in names))] == names


def test_no_documents_make_an_empty_module() -> None:
    assert written() == []


@given(name=st.text(st.characters(exclude_categories=[]), min_size=1, max_size=40), content=st.binary(min_size=1))
def test_any_name_and_any_bytes_make_valid_xml(name: str, content: bytes) -> None:
    (element,) = written(Document(content=content, filename=name))
    assert base64.b64decode(element.text or "") == content
    assert len(element.get("name", "")) <= len(name)
