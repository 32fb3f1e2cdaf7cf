package import DriverKit

/// The station's settings for an instrument.
package struct GoDirectSettings: Equatable, Sendable {
  /// Time between samples; `nil`: what the sensor calls typical, but not below 10 ms.
  package var period: Microseconds?
  /// Numbers of the channels to measure; none: the instrument's first default sensor.
  package var sensors: [UInt8]

  /// Reads `period_ms` or `period_us`, and `sensors`.
  package init(_ settings: JSONNode) throws(SetupRefusal) {
    do throws(JSONMismatch) {
      var fields = try JSONFields(settings, "")
      let inMilliseconds = try fields.number("period_ms", in: 0.1...3_600_000)
      let inMicroseconds = try fields.integer("period_us", in: 100...3_600_000_000)
      if inMilliseconds != nil, inMicroseconds != nil {
        throw JSONMismatch(
          line: fields.line, key: "period_us", problem: "and \"period_ms\" say the same thing: leave one of them out")
      }
      period = inMicroseconds ?? inMilliseconds.map { Microseconds(($0 * 1000).rounded()) }
      sensors = []
      for node in try fields.list("sensors") {
        guard let number = node.integer, (0...31).contains(number), !sensors.contains(UInt8(number)) else {
          throw fields.mismatch("sensors", node, "must hold numbers of channels from 0 to 31, each once")
        }
        sensors.append(UInt8(number))
      }
      try fields.end()
    } catch {
      throw SetupRefusal("The settings of the instrument cannot be used. \(error.sentence)")
    }
  }
}
