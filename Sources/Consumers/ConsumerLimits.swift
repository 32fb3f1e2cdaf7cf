package import Readings

/// What one consumer, and all consumers of one user, may cost.
package struct ConsumerLimits: Sendable {
  /// Bytes of a request.
  package var lineBytes = 65_536
  /// Subscriptions of one connection.
  package var subscriptions = 16
  /// How far a consumer may be behind, in bytes of the stream, unless its subscription says otherwise.
  package var queueBytes = 4 << 20
  /// Bytes of answers after which no more requests are read until some are taken.
  package var answerBytes = 64 << 10
  /// Wrong requests of one connection.
  package var errors = 100
  /// For how long nothing may be taken of what waits.
  package var patience: Microseconds = 30_000_000
  /// For how long a consumer may take until its first request is there.
  package var arrival: Microseconds = 10_000_000
  /// For how long a consumer that is being closed may take to read why.
  package var farewell: Microseconds = 1_000_000
  /// Consumers at the same time.
  package var consumers = 4096
  /// Consumers of one user at the same time.
  package var consumersOfUser = 2048
  /// Bytes that may wait, both ways, for all consumers of one user together.
  package var bytesOfUser = 32 << 20

  /// The usual limits.
  package init() {}
}
