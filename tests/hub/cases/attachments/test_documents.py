"""PDFs that are kept as they are, or refused because something in them runs."""

import pytest

from hub.cases.attachments.documents import check_pdf
from hub.cases.attachments.kept import RefusedUpload


def pdf(*parts: bytes) -> bytes:
    return b"%PDF-1.7\n" + b"\n".join(parts) + b"\n%%EOF\n"


def test_what_is_packed_is_not_taken_for_something_that_runs() -> None:
    check_pdf(pdf(b"<< /Length 9 >>\nstream\n/JS noise\nendstream"))


@pytest.mark.parametrize(
    "part",
    [
        b"/JS (app.alert(1))",
        b"/J#53 (app.alert(1))",
        b"stream\nx\nendstream /Launch << >>\nstream\ny\nendstream",
        b"stream\nnever ended /JavaScript",
    ],
)
def test_what_runs_is_refused_wherever_it_stands(part: bytes) -> None:
    with pytest.raises(RefusedUpload, match="dijalankan"):
        check_pdf(pdf(part))


def test_many_beginnings_without_an_end_are_read_once() -> None:
    """Five megabytes of them took days with a search that began anew at each."""
    check_pdf(pdf(b"stream\n" * 700_000))


def test_a_pdf_that_was_cut_off_is_refused() -> None:
    with pytest.raises(RefusedUpload, match="terpotong"):
        check_pdf(b"%PDF-1.7\n" + b"x" * 4_000)
