"""``/data``: the catalogue for people: search, one page a dataset, its rows as files."""

from itertools import islice

import msgspec
from flask import Blueprint, Response, abort, render_template, request

from hub.interop.opendata.access import PER_ADDRESS, catalogue, today
from hub.interop.opendata.ckan import FORMATS, resource_id
from hub.interop.opendata.shape import Dataset, slug
from hub.people.permissions import Permission
from hub.web.files.downloads import list_as_csv, list_as_xlsx
from hub.web.guarding.guard import needs
from hub.web.guarding.limits import limiter
from hub.web.transaction import db

blueprint = Blueprint("open_data", __name__)

PREVIEW_ROWS = 10
# A sheet holds 1,048,576 rows (ECMA-376, 2021); files of more are of no use to anybody.
MOST_FILE_ROWS = 1_000_000
_LONGEST_SEARCH = 80


@blueprint.get("/data")
@needs(Permission.PUBLIC)
def listing() -> str:
    """Show what there is, narrowed by words and group."""
    known = catalogue()
    text = request.args.get("cari", "").strip()[:_LONGEST_SEARCH]
    group = request.args.get("kelompok", "")
    groups = known.groups()
    found = known.found(text, group=group if group in groups else "")
    return render_template(
        "interop/opendata/listing.html",
        found=found,
        by_group={label: [one for one in found if slug(one.group) == name] for name, label in groups.items()},
        groups=groups,
        group=group,
        text=text,
        total=len(known.datasets),
    )


@blueprint.get("/data/<dataset>")
@needs(Permission.PUBLIC)
def one(dataset: str) -> str:
    """Show one dataset: what it is, its columns, its first rows, its files."""
    found = _dataset(dataset)
    rows = list(islice(found.rows(db(), today()), PREVIEW_ROWS + 1))
    return render_template(
        "interop/opendata/dataset.html",
        dataset=found,
        rows=rows[:PREVIEW_ROWS],
        has_more=len(rows) > PREVIEW_ROWS,
        changed_at=found.changed_at(db(), today()),
        forms=tuple(FORMATS),
        resource=resource_id(found, "csv"),
    )


@blueprint.get(f"/data/<dataset>.<any({','.join(FORMATS)}):form>")
@needs(Permission.PUBLIC)
@limiter.limit(PER_ADDRESS)
def as_file(dataset: str, form: str) -> Response:
    """Give all rows as a file, the same in each form."""
    found = _dataset(dataset)
    rows = islice(found.rows(db(), today()), MOST_FILE_ROWS)
    if form == "json":
        body = msgspec.json.encode(list(rows))
        return Response(body, content_type="application/json;charset=utf-8")
    table = [[row.get(column) for column in found.ids] for row in rows]
    if form == "xlsx":
        return list_as_xlsx(found.name, found.title, found.ids, table)
    return list_as_csv(found.name, found.ids, table)


def _dataset(name: str) -> Dataset:
    found = catalogue().one(name)
    if found is None:
        abort(404)
    return found
