public import Readings
package import StrictJSON

/// The hub's present: the answer to `ping`.
public struct PingAnswer: Equatable, Sendable {
  /// In station time.
  public var time: Microseconds
  /// The same moment on the wall clock, microseconds since 1970.
  public var wallTime: Microseconds
  /// The number of the newest record.
  public var headSequence: UInt64

  /// An answer.
  package init(time: Microseconds, wallTime: Microseconds, headSequence: UInt64) {
    self.time = time
    self.wallTime = wallTime
    self.headSequence = headSequence
  }
}

extension PingAnswer: WireObject {
  package func write(to writer: inout JSONWriter) {
    writer.member("t_us", time)
    writer.member("wall_us", wallTime)
    writer.member("head_seq", headSequence)
  }

  package init(_ fields: JSONFields) throws(JSONMismatch) {
    var fields = fields
    time = try fields.requiredTime("t_us")
    wallTime = try fields.time("wall_us") ?? 0
    headSequence = try fields.count("head_seq") ?? 0
  }
}
