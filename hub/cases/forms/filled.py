"""A form as somebody filled it in so far: answers, files, and what is wrong with them. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from hub.cases.attachments.kept import KeptFile
from hub.cases.definition.form import Requirement
from hub.cases.machine.answers import Fault
from hub.cases.machine.rules import Given

# Names of controls: a field and a requirement may have one id.
ANSWER, UPLOAD, CLAIM, NOTE = "isi-", "berkas-", "ada-", "catatan"


@dataclass(frozen=True, slots=True)
class Filled:
    """What was typed and handed in. ``faults`` are sentences by the name of the control they stand at."""

    answers: Mapping[str, Sequence[str]] = field(default_factory=dict)
    files: Mapping[str, tuple[KeptFile, ...]] = field(default_factory=dict)
    note: str = ""
    faults: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def given(self) -> Given:
        """The same, as the machine takes it."""
        handed_in = frozenset(name for name, kept in self.files.items() if kept)
        return Given(note=self.note, answers=self.answers, files=handed_in)

    def first(self, name: str) -> str:
        """Return the first answer to a field, without spaces at its ends; empty when there is none."""
        return next((text.strip() for text in self.answers.get(name, ())), "")

    def with_fault(self, name: str, text: str) -> "Filled":
        """Return the same form with one sentence more at a control."""
        return replace(self, faults={**self.faults, name: (*self.faults.get(name, ()), text)})

    def with_faults(self, faults: Iterable[Fault]) -> "Filled":
        """Return the same form with what the machine says of its answers."""
        form = self
        for fault in faults:
            form = form.with_fault(ANSWER + fault.field, fault.text)
        return form

    def with_missing(self, names: Iterable[str], requirements: Sequence[Requirement]) -> "Filled":
        """Return the same form with what is missing of its files; what was just turned away is said once."""
        labels = {each.id: each.label for each in requirements}
        form = self
        for name in names:
            if UPLOAD + name not in form.faults:
                form = form.with_fault(UPLOAD + name, f"{labels.get(name, name)}: belum ada berkasnya")
        return form
