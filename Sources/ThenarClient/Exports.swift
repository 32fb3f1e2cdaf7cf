// What a consumer reads of the socket belongs to the client's interface.
@_exported public import Readings
@_exported public import Wire
