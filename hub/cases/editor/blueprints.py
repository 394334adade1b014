"""The screens of the editor, in one list for ``hub/app.py``."""

from hub.cases.editor import part_views, publish_views, views

EDITOR = (views.blueprint, part_views.blueprint, publish_views.blueprint)
