"""The screens of composed boards, in one list for ``hub/app.py``."""

from hub.boards.composing import views as composing
from hub.boards.screens import door_views
from hub.boards.screens import views as screens
from hub.boards.showing import views as showing

BOARDS = (showing.blueprint, composing.blueprint, screens.blueprint, door_views.blueprint)
