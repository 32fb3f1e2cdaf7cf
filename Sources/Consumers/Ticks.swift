package import Readings
package import Wire

/// What the clock brings: values of mode `latest`, deadlines, heartbeats.
extension Consumers {
  /// When the next value of a subscription of mode `latest` is due; `nil` when none waits.
  package var nextDue: Microseconds? {
    if latestListeners.isEmpty { return nil }
    return latestListeners.compactMap { $0.isBlocked ? nil : $0.session.subscriptions.nextDue }.min()
  }

  /// Sends the newest values that are due.
  package func sendLatest() {
    if latestListeners.isEmpty { return }
    let now = clock()
    for connection in latestListeners where !connection.isBlocked {
      guard let due = connection.session.subscriptions.nextDue, due <= now else { continue }
      connection.session.sendLatest(of: topics, at: now)
      _ = connection.flush(at: now)
      finish(connection, at: now)
    }
  }

  /// Ten times a second: deadlines and heartbeats of a tenth of the consumers.
  package func tick() {
    let now = clock()
    nextBucket = (nextBucket + 1) % Self.ticksPerSecond
    if buckets[nextBucket].isEmpty { return }
    var common = services?.heartbeat()
    for connection in Array(buckets[nextBucket]) {
      if connection.session.tick(at: now, tail) == .slow {
        let client = connection.session.client
        services?.log(
          "A consumer\(client.isEmpty ? "" : " (\(client))") of uid \(connection.session.peer.user) reads too slowly.")
      }
      if common != nil, isIdle(connection) {
        connection.session.outbox.append(heartbeat(&common!, of: connection))
        _ = connection.flush(at: now)
      }
      finish(connection, at: now)
    }
  }

  /// It has everything that was said before: the counters of a heartbeat hold for what it has got.
  private func isIdle(_ connection: Connection) -> Bool {
    guard connection.session.hasArrived, connection.session.outbox.isEmpty, !connection.isBlocked else { return false }
    if case .behind = connection.session.place { return false }
    return true
  }

  private func heartbeat(_ common: inout Heartbeat, of connection: Connection) -> [UInt8] {
    common.counters = counters(of: connection)
    common.sentSequence = connection.session.counters.sequence
    return common.line
  }

  /// The exact counters of a connection.
  package func counters(of connection: Connection) -> ConnectionCounters {
    if let seat = connection.seat {
      seat.settle(&connection.session.counters)
      connection.seat?.records = seat.audience.records
      connection.seat?.samples = seat.audience.samples
    }
    let own = connection.session.counters
    var counters = ConnectionCounters()
    counters.sentRecords = own.records
    counters.sentSamples = own.samples
    counters.lostRecords = own.lostRecords
    counters.lostSamples = own.lostSamples
    counters.queuedBytes = UInt64(connection.session.waitingBytes(tail))
    counters.subscriptions = connection.session.subscriptions.counters
    return counters
  }

  /// The station slept: deadlines begin anew.
  package func slept() {
    let now = clock()
    for connection in buckets.joined() { connection.session.slept(until: now) }
  }

  /// An answer that was owed to a consumer has come.
  package func sendOwed(_ line: [UInt8], to connection: Connection) {
    connection.session.sendOwed(line)
    // Before the next records: a record that its socket takes in part must not be cut in two by the answer.
    if connection.seat != nil, !connection.session.outbox.isEmpty { stepBack(connection) }
    needsWork(connection)
  }
}
