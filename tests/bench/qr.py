"""``./pontive bench qr``: how many codes the door's decoder reads, on drawn or outside frames."""

import json
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import click
import cv2
import numpy as np
import zxingcpp
from numpy.typing import NDArray
from qr_frames.conditions import BUCKETS
from qr_frames.frames import draw_frame

from edge.hadir.reading.decode import read_thoroughly
from edge.hadir.reading.passes import FIRST, RETRIES, look
from edge.hadir.reading.zbar_process import read_texts

Luma = NDArray[np.uint8]
_NONE_SHARE = 3  # as many frames without any code as three buckets have with


@dataclass
class Tally:
    """Codes there, codes read, and texts that nobody wrote."""

    there: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    read: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    false_reads: int = 0

    def count(self, bucket: str, texts: tuple[str, ...], found: tuple[str, ...]) -> None:
        """Compare what was found with what is there."""
        self.there[bucket] += len(texts)
        self.read[bucket] += len(set(texts) & set(found))
        self.false_reads += len(set(found) - set(texts))

    @property
    def rate(self) -> float:
        """Share of all codes that were read."""
        there = sum(self.there.values())
        return sum(self.read.values()) / there if there else 0.0

    @property
    def rates(self) -> dict[str, float]:
        """The same for each bucket that has codes."""
        return {name: round(self.read[name] / n, 4) for name, n in self.there.items() if n}


def ask_zbar(luma: Luma) -> tuple[str, ...]:
    """Return what zbar reads, as the door's second opinion would."""
    height, width = luma.shape
    return tuple(text.decode("utf-8", "replace") for text in read_texts(luma.tobytes(), width, height))


def drawn(seed: int, per_bucket: int) -> Iterator[tuple[str, Luma, tuple[str, ...]]]:
    """Yield bucket, picture and truth of our own frames."""
    for bucket in BUCKETS:
        for number in range(per_bucket * (_NONE_SHARE if bucket == "none" else 1)):
            frame = draw_frame(seed, bucket, number)
            yield bucket, frame.luma, frame.texts


def outside(folder: Path) -> Iterator[tuple[str, Luma, tuple[str, ...]]]:
    """Yield the pictures named in ``labels.json``; a bucket is the folder or name before the first ``_``."""
    try:
        labels = json.loads((folder / "labels.json").read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise click.ClickException(f"{folder}/labels.json: {error}; expected {{file: [texts]}}") from error
    for name, texts in sorted(labels.items()):
        picture = cv2.imread(str(folder / name), cv2.IMREAD_GRAYSCALE)
        if picture is None:
            raise click.ClickException(f"{folder / name}: no picture")
        bucket = Path(name).parent.name or Path(name).stem.rpartition("_")[0] or "all"
        yield bucket, np.asarray(picture, np.uint8), tuple(texts)


def cost_ratio(seed: int, count: int = 40) -> float:
    """Return CPU time of all zxing-cpp passes over that of one pyzbar call, on empty VGA frames."""
    empty = (draw_frame(seed, "none", number).luma for number in range(10 * count))
    frames = [luma for luma in empty if luma.shape == (480, 640)][:count]
    ours_s = zbar_s = 0.0
    for luma in frames:
        began_s = time.process_time()
        for how in (FIRST, *RETRIES):
            look(how, luma)
        between_s = time.process_time()
        ask_zbar(luma)
        ours_s += between_s - began_s
        zbar_s += time.process_time() - between_s
    return ours_s / zbar_s


def plain_zxing(luma: Luma) -> tuple[str, ...]:
    """Return what zxing-cpp reads by itself."""
    found = zxingcpp.read_barcodes(luma, formats=zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode))
    return tuple(code.text for code in found)


READERS = {
    "pontive": lambda luma: read_thoroughly(luma, ask_zbar),
    "pyzbar": ask_zbar,
    "zxing-cpp": plain_zxing,
}


@click.command()
@click.option("--json", "is_json", is_flag=True, help="One JSON object.")
@click.option("--seed", default=20261121, show_default=True, help="Of the drawn frames.")
@click.option("--per-bucket", default=128, show_default=True, help="Drawn frames a bucket.")
@click.option("--frames", "folder", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--compare", is_flag=True, help="Also run pyzbar and zxing-cpp as they are.")
def command(is_json: bool, seed: int, per_bucket: int, folder: Path | None, compare: bool) -> None:
    """Read QR codes as the door does, and print how many were read and how many were never there.

    --frames reads the pictures of a folder instead, with a labels.json of {file: [texts]}.
    """
    names = list(READERS) if compare else ["pontive"]
    tallies = {name: Tally() for name in names}
    source = outside(folder) if folder else drawn(seed, per_bucket)
    for number, (bucket, luma, texts) in enumerate(source, 1):
        for name, tally in tallies.items():
            tally.count(bucket, texts, READERS[name](luma))
        if sys.stderr.isatty() and number % 20 == 0:
            print(f"\r{number} frames", end="", file=sys.stderr)
    ratio = cost_ratio(seed)
    for name, tally in tallies.items():
        report(name, tally, ratio, is_json=is_json, is_alone=not compare)


def report(name: str, tally: Tally, ratio: float, *, is_json: bool, is_alone: bool) -> None:
    """Print the figures of one reader."""
    figures: dict[str, object] = {
        "decode_rate": round(tally.rate, 4),
        "false_reads": tally.false_reads,
        "cost_ratio_empty_vga": round(ratio, 3),
        "buckets": tally.rates,
    }
    if is_json:
        print(json.dumps(figures if is_alone else {"reader": name, **figures}))
        return
    print(f"{name}: {tally.rate:.1%} of {sum(tally.there.values())} codes read, {tally.false_reads} false")
    print(f"  all zxing-cpp passes cost {ratio:.2f} x one pyzbar call on an empty VGA frame")
    for bucket, rate in tally.rates.items():
        print(f"  {bucket:14} {rate:6.1%}")
