"""Objects by kind, where a site brings a detector of its own: any ONNX model of the YOLO family."""
