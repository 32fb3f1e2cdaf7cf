internal import Stream

/// Consumers that want the same of the stream and have got everything so far: they are sent the same bytes.
final class Audience {
  /// What they want.
  let wishes: Wishes
  /// The consumers, in no order.
  private(set) var members: ContiguousArray<Connection> = []
  /// Their descriptors, in the same order: all that a delivery looks at.
  private(set) var descriptors: ContiguousArray<Int32> = []
  /// Records that went out to each member since the audience began.
  private(set) var records: UInt64 = 0
  /// Samples in them.
  private(set) var samples: UInt64 = 0
  /// Number of the newest of them.
  private(set) var sequence: UInt64 = 0

  init(_ wishes: Wishes) { self.wishes = wishes }

  /// A consumer that has got everything.
  func add(_ connection: Connection) {
    connection.seat = Seat(audience: self, index: members.count, records: records, samples: samples)
    members.append(connection)
    descriptors.append(connection.descriptor)
  }

  /// A consumer leaves its place to the last one, and takes its counters with it.
  func remove(_ connection: Connection) {
    guard let seat = connection.seat else { return }
    let last = members.removeLast()
    let lastDescriptor = descriptors.removeLast()
    if last !== connection {
      members[seat.index] = last
      descriptors[seat.index] = lastDescriptor
      last.seat?.index = seat.index
    }
    connection.seat = nil
    seat.settle(&connection.session.counters)
  }

  /// A batch went out to all members.
  func delivered(_ batch: Batch, last sequence: UInt64) {
    records += batch.records
    samples += batch.samples
    self.sequence = sequence
  }
}

/// A consumer's place in an audience: what went out to it is what went out to all since it came.
struct Seat {
  let audience: Audience
  var index: Int
  /// The audience's counters when they were last added to the consumer's own.
  var records: UInt64
  var samples: UInt64

  /// Adds what went out since to the consumer's counters.
  func settle(_ counters: inout ConsumerSession.Counters) {
    counters.records += audience.records - records
    counters.samples += audience.samples - samples
    if audience.records > records { counters.sequence = audience.sequence }
  }
}
