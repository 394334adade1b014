"""The document by which the hub renews a device's certificate, and changes whom the device trusts.

The key stays the device's own; so nobody has to ask, and what is sealed to it stays readable. Pure.
"""

from edge.wire.joining.enrolment import Pem, PemBundle
from edge.wire.records.fields import Message

# Of an :class:`IdentityDocument`, as in ``Desired(document=...)``.
DOCUMENT = "identity"


class IdentityDocument(Message, frozen=True):
    """A new certificate of the key the device has, and whom it is to trust from now on.

    ``ca`` are all roots; ``hub_keys`` are all keys that documents may be signed with, empty: as before.
    """

    certificate: Pem
    ca: PemBundle
    hub_keys: PemBundle = ""
