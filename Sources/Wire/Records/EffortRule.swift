public import Readings
package import StrictJSON

/// When an effort begins and ends. Stated in every result that it made.
public struct EffortRule: Equatable, Sendable {
  /// Newtons at or above which an effort may begin.
  public var onset: Double
  /// For how long the force must stay there.
  public var onsetHold: Microseconds
  /// Newtons below which an effort may end.
  public var release: Double
  /// For how long the force must stay there.
  public var releaseHold: Microseconds

  /// Threshold crossing that persists 50 ms; above what an unloaded dynamometer shows (-1.4 to 1.9 N), below a weak
  /// pinch.
  public static let standard = EffortRule(onset: 5, onsetHold: 50_000, release: 3, releaseHold: 100_000)

  /// A rule; `release` is to be below `onset`.
  package init(onset: Double, onsetHold: Microseconds, release: Double, releaseHold: Microseconds) {
    self.onset = onset
    self.onsetHold = onsetHold
    self.release = release
    self.releaseHold = releaseHold
  }
}

extension EffortRule: WireObject {
  package func write(to writer: inout JSONWriter) {
    writer.member("id", "force-threshold")
    writer.member("rev", 1)
    writer.member("onset_N", onset)
    writer.member("onset_hold_us", onsetHold)
    writer.member("release_N", release)
    writer.member("release_hold_us", releaseHold)
  }

  package init(_ fields: JSONFields) throws(JSONMismatch) {
    var fields = fields
    onset = try fields.anyNumber("onset_N") ?? .nan
    onsetHold = try fields.time("onset_hold_us") ?? 0
    release = try fields.anyNumber("release_N") ?? .nan
    releaseHold = try fields.time("release_hold_us") ?? 0
  }
}
