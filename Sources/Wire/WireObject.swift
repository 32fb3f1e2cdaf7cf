package import StrictJSON

/// Something that stands on the wire as the members of an object: written and read side by side.
package protocol WireObject: Sendable {
  /// Writes the members into an open object.
  func write(to writer: inout JSONWriter)
  /// Reads the members; those that are not known are passed over.
  init(_ fields: JSONFields) throws(JSONMismatch)
}

/// What the hub tells without being asked: the parameters of a notification.
package protocol Telling: WireObject {
  /// The notification's method.
  static var method: StaticString { get }
}
