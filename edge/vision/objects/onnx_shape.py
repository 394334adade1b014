"""How large a picture an ONNX model wants, read from its file: OpenCV does not say.

Reads only the sizes of the inputs, by the wire format of protocol buffers. Source: onnx.proto of
ONNX 1.16 (2024) and the Protocol Buffers encoding guide.
"""

from collections.abc import Iterator

_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5
# Numbers of the fields on the way: ModelProto.graph, GraphProto.input and .initializer …
_GRAPH, _INPUT, _INITIALIZER = 7, 11, 5
_NAME, _TYPE, _TENSOR, _SHAPE, _DIMENSION, _VALUE = 1, 2, 1, 2, 1, 1
_TENSOR_NAME = 8
_MOST_VARINT_BYTES = 10

Field = tuple[int, int | memoryview]


def input_shape(model: bytes) -> tuple[int, ...]:
    """Return the sizes of the first input that is no weight; 0 where the model leaves it open.

    Raises:
        ValueError: the bytes are no ONNX model.
    """
    graph = next((value for number, value in fields(memoryview(model)) if number == _GRAPH), None)
    if not isinstance(graph, memoryview):
        raise ValueError("it is no ONNX model")
    inputs: list[memoryview] = []
    weights: set[bytes] = set()
    for number, value in fields(graph):
        if number == _INPUT and isinstance(value, memoryview):
            inputs.append(value)
        elif number == _INITIALIZER and isinstance(value, memoryview):
            weights |= {bytes(name) for name in _all(value, _TENSOR_NAME)}
    for one in inputs:
        if not {bytes(name) for name in _all(one, _NAME)} & weights:
            return _sizes(one)
    raise ValueError("it is no ONNX model with an input")


def fields(message: memoryview) -> Iterator[Field]:
    """Yield number and value of each field: an int, or the bytes of it.

    Raises:
        ValueError: the bytes are no message.
    """
    at = 0
    while at < len(message):
        key, at = _varint(message, at)
        number, kind = key >> 3, key & 7
        if kind == _VARINT:
            value, at = _varint(message, at)
            yield number, value
            continue
        if kind == _BYTES:
            length, at = _varint(message, at)
        elif kind in (_FIXED64, _FIXED32):
            length = 8 if kind == _FIXED64 else 4
        else:
            raise ValueError("it is no ONNX model")
        if number == 0 or at + length > len(message):
            raise ValueError("it is no ONNX model, or only the beginning of one")
        yield number, message[at : at + length]
        at += length


def _varint(message: memoryview, at: int) -> tuple[int, int]:
    value = 0
    for place in range(_MOST_VARINT_BYTES):
        if at >= len(message):
            break
        byte = message[at]
        at += 1
        value |= (byte & 127) << (7 * place)
        if byte < 128:
            return value, at
    raise ValueError("it is no ONNX model, or only the beginning of one")


def _all(message: memoryview, number: int) -> list[memoryview]:
    return [value for found, value in fields(message) if found == number and isinstance(value, memoryview)]


def _sizes(value_info: memoryview) -> tuple[int, ...]:
    shapes = [
        shape
        for kind in _all(value_info, _TYPE)
        for tensor in _all(kind, _TENSOR)
        for shape in _all(tensor, _SHAPE)
    ]
    return tuple(_size(dimension) for shape in shapes for dimension in _all(shape, _DIMENSION))


def _size(dimension: memoryview) -> int:
    return next((v for number, v in fields(dimension) if number == _VALUE and isinstance(v, int)), 0)
