"""OpenCV as typed functions: arrays in, arrays out. The only folder that imports cv2.

Uses nothing that OpenCV 4.x and 5.x do not both have, so that the Raspberry Pi's own package
and the wheel of PyPI give the same counts. Must not decide anything: thresholds belong to callers.
"""

import cv2

from edge.opencv.arrays import Picture as Picture
from edge.opencv.arrays import Pixel as Pixel
from edge.opencv.arrays import Plane as Plane
from edge.opencv.arrays import Points as Points
from edge.opencv.arrays import Real as Real
from edge.opencv.drawing import disc as disc
from edge.opencv.drawing import encode_jpeg as encode_jpeg
from edge.opencv.drawing import fill as fill
from edge.opencv.drawing import line as line
from edge.opencv.drawing import text as text
from edge.opencv.filters import blur as blur
from edge.opencv.filters import detail_of as detail_of
from edge.opencv.filters import filtered as filtered
from edge.opencv.filters import filtered_real as filtered_real
from edge.opencv.filters import locally_above as locally_above
from edge.opencv.filters import projected as projected
from edge.opencv.filters import shift as shift
from edge.opencv.filters import shift_between as shift_between
from edge.opencv.filters import softened as softened
from edge.opencv.filters import softened_evenly as softened_evenly
from edge.opencv.flow import flow_between as flow_between
from edge.opencv.masks import Outline as Outline
from edge.opencv.masks import closed as closed
from edge.opencv.masks import dilate as dilate
from edge.opencv.masks import erode as erode
from edge.opencv.masks import hull as hull
from edge.opencv.masks import opened as opened
from edge.opencv.masks import outlines as outlines
from edge.opencv.network import Network as Network
from edge.opencv.network import without_doubles as without_doubles
from edge.opencv.planes import above as above
from edge.opencv.planes import add as add
from edge.opencv.planes import apart as apart
from edge.opencv.planes import area_means as area_means
from edge.opencv.planes import beyond as beyond
from edge.opencv.planes import blend_into as blend_into
from edge.opencv.planes import block_means as block_means
from edge.opencv.planes import both as both
from edge.opencv.planes import count_set as count_set
from edge.opencv.planes import enlarged as enlarged
from edge.opencv.planes import halved_below as halved_below
from edge.opencv.planes import inverse as inverse
from edge.opencv.planes import larger as larger
from edge.opencv.planes import luma_of as luma_of
from edge.opencv.planes import mean_and_spread as mean_and_spread
from edge.opencv.planes import mean_where as mean_where
from edge.opencv.planes import median_of as median_of
from edge.opencv.planes import mixed as mixed
from edge.opencv.planes import quotient as quotient
from edge.opencv.planes import resize as resize
from edge.opencv.planes import scale_values as scale_values
from edge.opencv.planes import shrink_by as shrink_by
from edge.opencv.planes import subtract as subtract
from edge.opencv.planes import to_bytes as to_bytes
from edge.opencv.planes import with_border as with_border

# One worker is one camera: a thread pool in each only makes four cameras fight for four cores.
cv2.setNumThreads(1)
