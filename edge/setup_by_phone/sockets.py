"""Sockets that hear the access point's interface alone, whether or not its address is there already."""

import socket

# include/uapi/linux/in.h (Linux 6.1, 2022): the address comes and goes with the access point.
_IP_FREEBIND = 15


def listening_socket(kind: socket.SocketKind, address: str, port: int, interface: str) -> socket.socket:
    """Return a bound socket; an empty interface takes any.

    Raises:
        OSError: the port is taken, or this user may not have it.
    """
    made = socket.socket(socket.AF_INET, kind)
    try:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.setsockopt(socket.IPPROTO_IP, _IP_FREEBIND, 1)
        if interface:
            made.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, interface.encode())
        made.bind((address, port))
    except OSError:
        made.close()
        raise
    return made
