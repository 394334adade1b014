"""How accessibility tests look at pages: both colours and both widths, each once.

Colours do not depend on the width, nor the layout on the colours: two looks find what four would.
"""

import pytest

phone_and_desk = pytest.mark.parametrize(("width", "theme"), [(360, "dark"), (1280, "light")])
narrow_and_desk = pytest.mark.parametrize(("width", "theme"), [(320, "light"), (1280, "dark")])
