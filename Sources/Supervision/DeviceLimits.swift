internal import Readings

/// What one device may send.
package struct DeviceLimits: Sendable {
  /// Messages a second.
  package var records = 5_000.0
  /// Samples a second.
  package var samples = 200_000.0
  /// Bytes of the stream a second.
  package var bytes = 2.0 * 1024 * 1024
  /// Bursts of so many seconds' worth of messages and samples.
  package var burstSeconds = 4.0
  /// Bytes of the stream at once.
  package var burstBytes = 4.0 * 1024 * 1024
  /// Names of channels in the life of the hub: each is remembered, with its count.
  package var channelNames = 256

  /// The usual limits: five times what the fastest known instrument sends.
  package init() {}
}
