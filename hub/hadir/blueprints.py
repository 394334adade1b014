"""The screens and files of attendance for the office side, for ``hub.app`` to register."""

from flask import Blueprint

from hub.hadir import publish_views, views
from hub.hadir.city import views as city
from hub.hadir.editing import views as editing
from hub.hadir.editing.files import views as edit_files
from hub.hadir.exports import views as exports
from hub.hadir.payroll import views as payroll
from hub.hadir.review import views as review

OFFICE: tuple[Blueprint, ...] = (
    views.blueprint,
    city.blueprint,
    exports.blueprint,
    review.blueprint,
    publish_views.blueprint,
    editing.blueprint,
    edit_files.blueprint,
    payroll.blueprint,
)
