package import Readings
package import Stream
package import Wire

/// What a session can be in, and what it counts.
extension ConsumerSession {
  /// Where a connection is in its life.
  package enum Phase: Equatable, Sendable {
    /// Greeted. Its first line must be whole by then.
    case arriving(until: Microseconds)
    /// It has asked something.
    case open
    /// It will ask nothing more. It stays for as long as it has a subscription or an answer to come.
    case listening
    /// It was told why it is closed; it is over when that is out, or at this time.
    case closing(until: Microseconds)
    /// It is over: the descriptor is to be closed.
    case over
  }

  /// Where in the stream a consumer is.
  package enum Place {
    /// It has no subscription that gets records.
    case nowhere
    /// It has got everything.
    case upToDate
    /// It has yet to get something.
    case behind(Cursor)
  }

  /// What a consumer that is too far behind wants.
  package typealias OnFull = SubscriptionQueue.WhenFull

  /// Exact counters of one connection.
  package struct Counters: Equatable, Sendable {
    /// Number of the newest record that went out.
    package var sequence: UInt64 = 0
    /// Records that went out.
    package var records: UInt64 = 0
    /// Samples in them.
    package var samples: UInt64 = 0
    /// Records that were passed over.
    package var lostRecords: UInt64 = 0
    /// Samples in them.
    package var lostSamples: UInt64 = 0
  }
}
