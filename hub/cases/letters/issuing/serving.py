"""The PDF of a letter on its way out; whether somebody may have it was decided before this is called."""

from flask import Response

from hub.cases.attachments.kept import PDF
from hub.cases.attachments.serving import serve
from hub.cases.letters.models import LetterDocument
from hub.cases.letters.wiring import letter_desk


def serve_letter(document: LetterDocument) -> Response:
    """Return the file that its holder keeps, with the certified signature when there is one.

    Raises:
        NotFoundError: it is not in the archive's folder.
    """
    name = f"surat-{document.code.lower()}"
    return serve(letter_desk().issuer.folder, document.final_sha256, PDF, name=name)
