// What drivers speak of, and what their settings are read with: a driver imports DriverKit and nothing else.
@_exported public import Readings
@_exported public import StrictJSON
