"""Whether the image was tried with these very files: the trial's result, kept under their fingerprint.

The trial takes minutes on a quiet machine and an hour on a busy one, and its result cannot change while
the files do not. Must not decide by dates or by names of commits: what counts is the content.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from edge.wire.strict_toml import Section, TomlError, read_toml
from provisioning.errors import ProvisioningError
from provisioning.image.workshop import run
from provisioning.toml_writing import to_toml

FOLDERS = ("firmware_images", "provisioning", "edge")
PROOF = "firmware_images/proved.toml"
BYTES_PER_MB = 1_000_000


class TrialResult(Section, frozen=True):
    """What ``./pontive image test`` found; memory and sizes in MB, durations in seconds."""

    built: bool
    boot_s: float
    booted: bool
    enrolled: bool
    records_in_hub: int
    update_ok: bool
    refused: tuple[str, ...]
    rolled_back: bool
    survived_cut: bool
    image_mb: float
    idle_memory_mb: int

    @property
    def has_passed(self) -> bool:
        """Whether every stage did what it should."""
        stages = (self.built, self.booted, self.enrolled, self.update_ok, self.rolled_back, self.survived_cut)
        return all(stages) and bool(self.refused) and self.records_in_hub > 0


class Proof(Section, frozen=True):
    """A trial that went well: when (ISO date), with which files, and what it found."""

    on: str
    inputs: str
    result: TrialResult


@dataclass(frozen=True, slots=True)
class Inputs:
    """The files that an image is made of, as they are committed; ``doubt`` says why that is not all."""

    fingerprint: str
    doubt: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether the trial may be left out, and why, in words."""

    is_proved: bool
    reason: str


def inputs_of(project: Path) -> Inputs:
    """Return what the image would be made of."""
    git = ("git", "-C", project)
    try:
        listed = run([*git, "ls-tree", "-r", "-z", "--full-tree", "HEAD", "--", *FOLDERS])
        status = run([*git, "status", "--porcelain", "--untracked-files=all", "--", *FOLDERS])
    except ProvisioningError as error:
        return Inputs("", f"git cannot say which files these are: {error}")
    lines = [line for line in listed.split("\0") if line and not _is_left_out(line.partition("\t")[2])]
    changed = [line[3:] for line in status.splitlines() if not _is_left_out(line[3:])]
    fingerprint = hashlib.sha256("\n".join(lines).encode()).hexdigest()
    return Inputs(fingerprint, f"not committed: {_some(changed)}" if changed else "")


def _is_left_out(path: str) -> bool:
    return path == PROOF or "__pycache__" in path


def verdict(project: Path) -> Verdict:
    """Return whether the files that are here were tried already."""
    inputs = inputs_of(project)
    if inputs.doubt:
        return Verdict(False, inputs.doubt)
    try:
        proof = read_toml(project / PROOF, Proof)
    except TomlError as error:
        return Verdict(False, str(error))
    if proof.inputs != inputs.fingerprint:
        return Verdict(False, f"files of {', '.join(FOLDERS)} are other ones than on {proof.on}")
    if not proof.result.has_passed:
        return Verdict(False, f"{PROOF} tells of a trial that failed")
    return Verdict(True, f"proved on {proof.on} with these very files")


def keep_proof(project: Path, found: dict[str, Any], *, began: Inputs, on: date) -> str:
    """Write the proof after a whole trial that went well; return in words what was done, or why not.

    Args:
        project: The checkout.
        found: What the trial's stages found.
        began: The files when the trial began: they must be the same ones now.
        on: The day.
    """
    if found["failed"] is not None:
        return f"{PROOF} is not written: {found['failed']} failed"
    if began.doubt:
        return f"{PROOF} is not written: {began.doubt}"
    if inputs_of(project) != began:
        return f"{PROOF} is not written: files changed while the trial ran"
    image_mb = round(int(found["image_bytes_compressed"] or 0) / BYTES_PER_MB, 1)
    named = {name: found[name] for name in TrialResult.__struct_fields__ if name != "image_mb"}
    result = TrialResult(**{**named, "refused": tuple(found["refused"])}, image_mb=image_mb)
    if not result.has_passed:
        return f"{PROOF} is not written: not every stage was gone through"
    (project / PROOF).write_text(to_toml(Proof(on=on.isoformat(), inputs=began.fingerprint, result=result)))
    return f"{PROOF} is written: commit it"


def _some(paths: Sequence[str], most: int = 5) -> str:
    more = len(paths) - most
    return ", ".join(paths[:most]) + (f" and {more} more" if more > 0 else "")
