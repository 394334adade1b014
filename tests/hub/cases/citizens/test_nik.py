"""NIK under lock: kept sealed and masked, opened with the right key alone, compared without being known."""

from pathlib import Path

import pytest

from hub.cases.citizens.nik import NikBox, SealError, load_or_make_box, masked_of, plain_name
from hub.errors import ConfigError

NIK = "6171014108900047"
BOX = NikBox(bytes(32))


def test_what_is_kept_shows_the_mask_and_opens_to_the_nik() -> None:
    kept = BOX.hide(NIK)
    assert masked_of(kept) == "6171**********47"
    assert NIK not in kept
    assert BOX.open(kept) == NIK
    assert BOX.hide(NIK) != kept, "equal ones do not look equal"
    assert len(kept) <= 120


def test_another_key_a_changed_seal_and_somebody_elses_mask_open_nothing() -> None:
    kept = BOX.hide(NIK)
    mask, _, word = kept.partition(":")
    for wrong in (f"3171**********01:{word}", f"{mask}:{word[:-4]}AAA=", mask, "", NIK, f"{mask}:é"):
        with pytest.raises(SealError):
            BOX.open(wrong)
    with pytest.raises(SealError):
        NikBox(b"x" * 32).open(kept)


def test_digests_need_the_key_and_names_are_bound_to_their_nik() -> None:
    assert BOX.digest(NIK) != NikBox(b"x" * 32).digest(NIK)
    assert BOX.name_digest(NIK, "Siti Aminah, S.Pd.") == BOX.name_digest(NIK, "  SITI   aminah ")
    assert BOX.name_digest(NIK, "Siti") != BOX.name_digest("6171014108900048", "Siti")
    assert plain_name("Abdul-Rahman bin 'Ali, S.H.") == "ABDUL RAHMAN BIN ALI"


def test_the_key_is_made_once_readable_by_the_hub_alone(tmp_path: Path) -> None:
    path = tmp_path / "nik.key"
    kept = load_or_make_box(path).hide(NIK)
    assert path.stat().st_mode & 0o777 == 0o600
    assert load_or_make_box(path).open(kept) == NIK
    path.write_bytes(b"short")
    with pytest.raises(ConfigError, match="5 bytes instead of 32"):
        load_or_make_box(path)
    with pytest.raises(ConfigError, match="writable place"):
        load_or_make_box(tmp_path / "no" / "folder" / "nik.key")
