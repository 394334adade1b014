"""The newest picture of a camera for a case: noted with its purpose before anybody sees it."""

from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from hub.cases.complaints.here import TakenStill
from hub.cctv.pictures import store
from hub.cctv.pictures.looks import note_look, purpose_of
from hub.cctv.pictures.models import PictureLook
from hub.errors import InputError
from hub.ingest.models import Still
from hub.ingest.pictures.stills import still_path
from hub.people.sessions import Viewer


class NewestStills:
    """Takes the newest picture that a camera sent (adapter of ``hub.cases.complaints.here.CameraStills``)."""

    def __init__(self, folder: Path) -> None:
        """Take the hub's folder."""
        self._folder = folder

    def take(
        self, db: Session, *, device: str, camera: str, viewer: Viewer, purpose: str, now: datetime
    ) -> TakenStill:
        """Return the newest picture and note who took it.

        Raises:
            InputError: there is none, or the purpose is none of the declared ones.
        """
        chosen = purpose_of(purpose)
        still, path = db.get(Still, (device, camera)), still_path(self._folder, device, camera)
        if still is None or not path.is_file():
            raise InputError("Kamera ini belum punya gambar; pilih kamera lain atau ambil gambar dahulu.")
        content = path.read_bytes()
        look = PictureLook(
            account_id=viewer.account_id,
            purpose=chosen.value,
            device=device,
            camera=camera,
            source="still",
            digest=store.keep(self._folder, content),
            taken_at=still.taken_at,
            at=now,
        )
        note_look(db, look, actor=viewer.name)
        return TakenStill(content, still.taken_at)
