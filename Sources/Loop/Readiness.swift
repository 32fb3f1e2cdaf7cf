internal import CLoop

/// What can be done with a descriptor without waiting.
package struct Readiness: OptionSet, Sendable {
  /// The bits of `THENAR_LOOP_…`.
  package let rawValue: UInt32
  /// A set.
  package init(rawValue: UInt32) { self.rawValue = rawValue }

  /// There is something to read, or the other side will send nothing more.
  package static let read = Readiness(rawValue: THENAR_LOOP_READ)
  /// There is room to write.
  package static let write = Readiness(rawValue: THENAR_LOOP_WRITE)
  /// The connection is over, both ways. Told also when it was not asked for.
  package static let over = Readiness(rawValue: THENAR_LOOP_OVER)
}

/// Whoever is told that a descriptor is ready. Called on the loop's thread, never from inside a call of its own.
package protocol ReadinessHandler: AnyObject {
  /// Something can be done now.
  func ready(_ readiness: Readiness)
}
