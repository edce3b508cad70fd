"""What a child process reads out of papers, and what it does not let itself be made to do."""

from __future__ import annotations

import os
import signal
import socket
import threading
import time
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from app.core.errors import RuleViolation
from app.files import reading
from app.files.rules import DOCX, JPEG, ODT, PDF, PNG, TXT
from tests.admission.cv import build
from tests.files import hostile

MEGABYTE = 1024 * 1024


def text_of(content: bytes, kind) -> str:
    return reading.read(content, kind).text


def text_or_reason(content: bytes) -> str:
    try:
        return text_of(content, PDF)
    except reading.Unreadable as unreadable:
        return unreadable.reason


def word(body: str, **more: str) -> str:
    return text_of(build.docx(body, {name.replace("__", "/"): content for name, content in more.items()}), DOCX)


def run(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def memory() -> int:
    """Return what this process holds in memory, in bytes."""
    return (
        int(next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmRSS")).split()[1])
        * 1024
    )


@pytest.fixture(autouse=True)
def _children():
    yield
    reading.READERS.close()


# What is read ---------------------------------------------------------------------------------------------------


def test_word_is_read_with_tables_links_headers_and_content_controls():
    found = reading.read(
        build.docx(
            f"<w:sdt><w:sdtContent><w:p>{run('In einem Steuerelement')}</w:p></w:sdtContent></w:sdt>"
            f"<w:tbl><w:tr><w:tc><w:p>{run('außen')}</w:p><w:tbl><w:tr><w:tc><w:p>{run('innen')}</w:p></w:tc></w:tr></w:tbl></w:tc></w:tr></w:tbl>"
            '<w:p><w:hyperlink r:id="rId7" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
            f"{run('Nachricht')}</w:hyperlink></w:p>",
            {
                "word/_rels/document.xml.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
                '<Relationship Id="rId7" Target="mailto:h@example.org" TargetMode="External"/></Relationships>',
                "word/header1.xml": f'<w:hdr xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:p>{run("Kopf")}</w:p></w:hdr>',
            },
        ),
        DOCX,
    )

    assert found.text.split("\n") == ["Kopf", "In einem Steuerelement", "außen", "innen", "Nachricht"]
    assert found.links == ["mailto:h@example.org"]
    assert next(line.place for line in found.pages[0].lines) == "header"


def test_insertions_count_and_deletions_and_hidden_text_do_not():
    found = word(
        f'<w:p>{run("bleibt ")}<w:ins w:id="1">{run("neu ")}</w:ins><w:del w:id="2"><w:r><w:delText>alt</w:delText></w:r></w:del>'
        f"{run('geheim', '<w:vanish/>')}</w:p>"
    )

    assert found == "bleibt neu"


def test_a_text_box_is_read_once_though_word_writes_it_twice():
    inner = f"<w:txbxContent><w:p>{run('Kasten')}</w:p></w:txbxContent>"
    found = word(
        '<w:p><w:r><mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
        f"<mc:Choice><w:drawing>{inner}</w:drawing></mc:Choice><mc:Fallback><w:pict>{inner}</w:pict></mc:Fallback>"
        f"</mc:AlternateContent></w:r>{run('Absatz')}</w:p>"
    )

    assert found.split("\n") == ["Kasten", "Absatz"]


def test_open_document_is_read_without_deletions_and_hidden_text():
    found = reading.read(
        build.odt(
            "<text:tracked-changes><text:changed-region><text:deletion><text:p>gelöscht</text:p></text:deletion></text:changed-region></text:tracked-changes>"
            '<text:p>eins<text:s text:c="3"/>zwei<text:span text:style-name="H">versteckt</text:span><text:line-break/>drei</text:p>'
            '<text:p><text:a xlink:href="mailto:h@example.org">hier</text:a></text:p>'
            "<table:table><table:table-row><table:table-cell><text:p>a</text:p></table:table-cell><table:table-cell><text:p>b</text:p></table:table-cell></table:table-row></table:table>"
        ),
        ODT,
    )

    assert found.text.split("\n") == ["eins zwei", "drei", "hier", "a", "b"]
    assert found.links == ["mailto:h@example.org"]
    assert [(line.row, line.cell) for line in found.pages[0].lines[-2:]] == [(1, 0), (1, 1)]


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("Ef\ufb01\u00adzienz\u00a0im\u202fBetrieb", "Effizienz im Betrieb"),
        ("Umsatz \u200b140\u00a0Mio.\u202f€", "Umsatz 140 Mio. €"),
        ("\u202egnurednaW\u202c Ahlers\u200f", "gnurednaW Ahlers"),
        ("a\u0308lter", "älter"),
        ("06\u201107\u20102020", "06-07-2020"),
    ],
)
def test_what_nobody_sees_is_taken_out(raw, text):
    assert text_of(raw.encode(), TXT) == text
    assert word(f"<w:p>{run(raw)}</w:p>") == text


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_text_is_read_in_the_encodings_people_use(encoding):
    assert text_of("Übergröße, geprüft".encode(encoding), TXT) == "Übergröße, geprüft"


def typst_pdf(source: str) -> bytes:
    import typst

    return bytes(typst.compile(('#set page(margin: 2cm)\n#set text(size: 10pt, font: "Libertinus Serif")\n' + source).encode()))


def lines_of(source: str) -> list[str]:
    return text_of(typst_pdf(source), PDF).split("\n")


def test_two_columns_are_read_one_after_the_other():
    left = " ".join(f"links{n}" for n in range(60))
    right = " ".join(f"rechts{n}" for n in range(60))
    found = " ".join(lines_of(f"#grid(columns: (1fr, 1fr), gutter: 10mm, [{left}], [{right}])"))

    assert found == f"{left} {right}"


def test_dates_beside_text_are_read_row_by_row():
    rows = "".join(f"[0{n}/2020 – 0{n}/2021], [Stelle {n} \\ Firma {n} \\ - getan {n}]," for n in range(1, 6))
    found = lines_of(f"#grid(columns: (4cm, 1fr), row-gutter: 5mm, {rows})")

    assert found[0].split("\t") == ["01/2020 – 01/2021", "Stelle 1"]
    assert [line for line in found if "2020" in line] == [f"0{n}/2020 – 0{n}/2021\tStelle {n}" for n in range(1, 6)]
    assert found.index("getan 2") < found.index("03/2020 – 03/2021\tStelle 3")


def test_cells_of_a_ruled_table_stay_whole():
    cells = "[Erste Zelle mit einem langen Text der umbricht], [zweite], [Dritte Zelle mit noch einem langen Text], [vierte],"
    found = lines_of(f"#table(columns: (3cm, 3cm), {cells})")

    assert found == [
        "Erste Zelle mit einem langen Text der umbricht",
        "zweite",
        "Dritte Zelle mit noch einem langen Text",
        "vierte",
    ]


def test_a_sidebar_on_a_ground_is_read_for_itself():
    found = lines_of(
        "#grid(columns: (4cm, 1fr), gutter: 6mm, block(fill: silver, inset: 4pt, width: 100%, height: 24cm)[Kontakt \\ 040 123456], "
        "[Berufserfahrung \\ Leiterin Einkauf \\ Nordwerk GmbH])"
    )

    assert found == ["Kontakt", "040 123456", "Berufserfahrung", "Leiterin Einkauf", "Nordwerk GmbH"]


@pytest.mark.parametrize(
    ("above", "below", "whole"),
    [
        ("k.ostendorff@nord-", "werk.example.org", "k.ostendorff@nord-werk.example.org"),
        ("k.ostendorff@", "nordwerk.example.org", "k.ostendorff@nordwerk.example.org"),
        ("k.ostendorff", "@nordwerk.example.org", "k.ostendorff@nordwerk.example.org"),
        ("k.ostendorff@nordwerk", ".example.org", "k.ostendorff@nordwerk.example.org"),
    ],
)
def test_addresses_broken_over_lines_are_whole_again(above, below, whole):
    assert whole in " ".join(lines_of(f'#text("Kontakt zu mir gern auf diesem Weg") \\ #text("{above}") \\ #text("{below}")'))


def test_words_broken_over_lines_are_whole_again():
    found = " ".join(
        lines_of(
            '#set text(lang: "de", hyphenate: true)\n#block(width: 3cm)[#set par(justify: false)\nWarengruppenverantwortung und Lieferantenentwicklung, Insel- und Fließfertigung]'
        )
    )

    assert found == "Warengruppenverantwortung und Lieferantenentwicklung, Insel- und Fließfertigung"


def test_links_of_a_pdf_are_read():
    assert (
        "mailto:h@example.org" in reading.read(typst_pdf(f'#link("mailto:h@example.org")[Nachricht] {"Text " * 20}'), PDF).links
    )


def test_pages_bear_their_numbers_and_running_lines_their_place():
    found = reading.read(
        typst_pdf("#set page(footer: [Stand: 10/2026 #h(1fr) Anna Muster])\n#lorem(60)\n#pagebreak()\n#lorem(60)"), PDF
    )

    assert [page.number for page in found.pages] == [1, 2]
    assert [line.text for line in found.pages[1].lines if line.place == "footer"] == ["Stand: 10/2026", "Anna Muster"]


def test_a_scan_is_unreadable_and_so_is_a_picture():
    out = BytesIO()
    Image.new("RGB", (600, 800), "white").save(out, "PDF")

    for content, kind, reason in ((out.getvalue(), PDF, "scanned"), (png(), PNG, "picture"), (typst_pdf("x"), PDF, "empty")):
        with pytest.raises(reading.Unreadable) as unreadable:
            reading.read(content, kind)
        assert unreadable.value.reason == reason


# Pictures -------------------------------------------------------------------------------------------------------


def png(size: tuple[int, int] = (40, 30), kind: str = "PNG") -> bytes:
    out = BytesIO()
    Image.new("RGB", size, "navy").save(out, kind)
    return out.getvalue()


def test_a_page_becomes_a_picture_of_the_asked_width():
    picture = Image.open(BytesIO(reading.picture(typst_pdf("Seite eins #pagebreak() Seite zwei"), PDF, page=2, width=500)))

    assert picture.format == "PNG"
    assert abs(picture.width - 500) <= 1 and picture.height > 600


def test_photographs_become_small_pictures_without_what_the_camera_wrote():
    out = BytesIO()
    photo = Image.new("RGB", (3000, 2000), "navy")
    exif = Image.Exif()
    exif[0x010E] = "secret place"
    exif[0x0112] = 6  # held upright
    photo.save(out, "JPEG", exif=exif)

    found = reading.picture(out.getvalue(), JPEG, width=600)

    assert b"secret" not in found
    assert Image.open(BytesIO(found)).size == (400, 600) or Image.open(BytesIO(found)).height > Image.open(BytesIO(found)).width


def test_there_is_no_picture_of_a_page_that_is_none():
    with pytest.raises(reading.Unreadable):
        reading.picture(typst_pdf("x"), PDF, page=9)


# Hostile papers -------------------------------------------------------------------------------------------------

HOSTILE = {
    "bomb": (hostile.bomb, DOCX, {"packed"}),
    "paragraphs": (hostile.many_paragraphs, DOCX, {"too_much"}),
    "entity": (hostile.external_entity, DOCX, {"damaged"}),
    "entity in UTF-16": (hostile.external_entity_in_utf16, DOCX, {"damaged"}),
    "laughs": (hostile.billion_laughs, DOCX, {"damaged"}),
    "deep": (hostile.deep_tables, DOCX, {"damaged", "too_much"}),
    "pages": (hostile.endless_pages, PDF, {"damaged", "empty", "too_much"}),
    "form": (hostile.form_within_itself, PDF, {"empty", "too_much"}),
    "half": (lambda: typst_pdf("Lebenslauf")[:900], PDF, {"damaged"}),
    "nothing in it": (lambda: b"%PDF-1.4\n%%EOF", PDF, {"damaged"}),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_papers_are_unreadable_and_leave_the_server_as_it_was(name):
    make, kind, reasons = HOSTILE[name]
    content = make()
    before = memory()
    started = time.monotonic()

    with pytest.raises(reading.Unreadable) as unreadable:
        reading.read(content, kind)

    assert unreadable.value.reason in reasons
    assert unreadable.value.reason in reading.REASONS
    assert memory() - before < 100 * MEGABYTE
    assert time.monotonic() - started < reading.WALL_SECONDS + 5
    assert text_of(b"danach", TXT) == "danach"


@pytest.mark.parametrize("make", [hostile.text_without_end, hostile.many_lines])
def test_a_page_without_end_costs_neither_memory_nor_time(make):
    content, before, started = make(), memory(), time.monotonic()

    assert len(text_or_reason(content)) < 500_000

    assert memory() - before < 100 * MEGABYTE
    assert time.monotonic() - started < reading.WALL_SECONDS + 5


def test_the_bomb_is_refused_by_its_directory_before_anything_is_unpacked():
    with pytest.raises(RuleViolation, match="unpacks to far more"):
        reading.kind_of(hostile.bomb(), "cv.docx")


def test_nothing_of_the_machine_gets_into_the_text_and_nothing_is_fetched():
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        target = f"http://127.0.0.1:{server.getsockname()[1]}/x"
        with pytest.raises(reading.Unreadable):
            reading.read(hostile.external_entity(target), DOCX)
        with pytest.raises(TimeoutError):
            server.accept()


def test_tables_within_tables_are_read():
    assert text_of(hostile.tables_within_tables(), DOCX) == "Lebenslauf ganz innen"


def test_a_child_that_is_late_is_replaced(monkeypatch):
    assert text_of(b"vorher", TXT) == "vorher"
    monkeypatch.setattr(reading, "WALL_SECONDS", 0.5)
    os.kill(reading.READERS._idle[0].process.pid, signal.SIGSTOP)

    with pytest.raises(reading.Unreadable) as unreadable:
        reading.read(b"zu spaet", TXT)

    assert unreadable.value.reason == "too_much"
    monkeypatch.undo()
    assert text_of(b"nachher", TXT) == "nachher"


def test_a_warm_child_that_left_is_replaced_without_a_word():
    assert text_of(b"vorher", TXT) == "vorher"
    child = reading.READERS._idle[0].process
    child.kill()
    child.wait()

    assert text_of(b"nachher", TXT) == "nachher"


def test_several_threads_are_served_by_few_children():
    found: list[str] = []
    threads = [threading.Thread(target=lambda n=n: found.append(text_of(f"Papier {n}".encode(), TXT))) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    assert sorted(found) == [f"Papier {n}" for n in range(8)]
    assert len(reading.READERS._idle) <= reading.MOST_CHILDREN


def test_the_child_may_hold_no_more_than_its_limit():
    text_of(b"warm", TXT)
    limits = Path(f"/proc/{reading.READERS._idle[0].process.pid}/limits").read_text()

    assert next(line for line in limits.splitlines() if line.startswith("Max address space")).split()[3] == str(300 * MEGABYTE)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("cv.pdf", b""),
        ("cv.docx", b"%PDF-1.4 \nstartxref\n0\n%%EOF"),
        ("cv.txt", b"Lebens\0lauf"),
        ("cv.exe", b"MZ"),
        ("../../cv", b"x"),
    ],
)
def test_what_would_not_be_taken_is_not_read(tmp_path, name, content):
    path = tmp_path / Path(name).name
    path.write_bytes(content)

    with pytest.raises(RuleViolation):
        reading.read_file(path)


def test_a_file_of_sixty_megabytes_is_refused_by_its_size(tmp_path):
    path = tmp_path / "cv.pdf"
    with path.open("wb") as file:
        file.truncate(60 * MEGABYTE)
    before = memory()

    with pytest.raises(RuleViolation, match="10 MB"):
        reading.read_file(path)

    assert memory() - before < 20 * MEGABYTE
