/// Samples of a channel that were lost before they reached the driver.
public struct Loss: Equatable, Sendable {
  /// Number of the channel.
  public var channel: UInt32
  /// How many samples are missing.
  public var count: UInt64
  /// Why, in one word: `device_dropped`.
  public var reason: String

  /// A loss.
  public init(channel: UInt32, count: UInt64, reason: String) {
    self.channel = channel
    self.count = count
    self.reason = reason
  }
}
