internal import Glibc
internal import Stream

/// How records go out: first to everybody who has got all before them.
extension Consumers {
  /// Sends the newest records to everybody who has got all before them, and lets nobody fall too far behind.
  package func settle() {
    let end = tail.end
    guard settled < end else { return }
    for audience in audiences.values where !audience.members.isEmpty {
      var from = settled
      while from < end {
        let batch = gatherer.gather(
          audience.wishes, of: tail, topics, from: from, to: end, mostBytes: Self.mostBytes)
        if batch.records > 0 { deliver(batch, to: audience) }
        if batch.end == from {
          // Too dear to be decided about now: served later, one after the other.
          dissolve(audience, at: from)
          break
        }
        from = batch.end
      }
    }
    settled = end
    if !behind.isEmpty { letNobodyFallTooFar() }
    tail.trim()
  }

  private func letNobodyFallTooFar() {
    let now = clock()
    for connection in behind {
      connection.session.keepUp(with: tail, topics, isBlocked: connection.isBlocked, at: now)
      if connection.session.isClosing { needsWork(connection) }
    }
  }

  private func dissolve(_ audience: Audience, at index: Int) {
    while let connection = audience.members.last {
      audience.remove(connection)
      connection.session.place = .behind(Cursor(at: index))
      addBehind(connection)
      needsWork(connection)
    }
  }

  private func deliver(_ batch: Batch, to audience: Audience) {
    let flags = Int32(MSG_DONTWAIT) | Int32(MSG_NOSIGNAL)
    var failures: [(index: Int, sent: Int, error: Int32)] = []
    audience.descriptors.withUnsafeBufferPointer { descriptors in
      for index in descriptors.indices {
        let sent = send(descriptors[index], batch.bytes.baseAddress, batch.bytes.count, flags)
        if sent != batch.bytes.count { failures.append((index, sent, errno)) }
      }
    }
    // The last first: whoever leaves gives its place to the last one, which has got everything then.
    for (index, sent, error) in failures.reversed() {
      let connection = audience.members[index]
      audience.remove(connection)
      fallBehind(connection, batch, audience.wishes, sent: sent, error)
    }
    audience.delivered(batch, last: tail[batch.newest].sequence)
  }

  private func fallBehind(_ connection: Connection, _ batch: Batch, _ wishes: Wishes, sent: Int, _ error: Int32) {
    var next = batch.first
    if sent > 0 { next = tookPart(connection, batch, wishes, sent: sent) } else { connection.wroteNothing(error) }
    if connection.session.isClosing {
      connection.session.place = .nowhere
    } else {
      connection.session.place = .behind(Cursor(at: next))
      addBehind(connection)
    }
    needsWork(connection)
  }

  /// A batch went out in part: the rest of a line that has begun goes out before anything else.
  /// `wishes` are those that it was gathered for: equal ones may not have been asked about all of its topics.
  func tookPart(_ connection: Connection, _ batch: Batch, _ wishes: Wishes, sent: Int) -> Int {
    let cut = BatchGatherer.cut(batch, after: sent, wishes, of: tail, topics)
    connection.session.outbox.append(Array(batch.bytes[sent..<cut.wholeBytes]))
    connection.session.counters.records += cut.records
    connection.session.counters.samples += cut.samples
    if cut.next > batch.first { connection.session.counters.sequence = tail[cut.next - 1].sequence }
    connection.session.progressed(at: clock())
    return cut.next
  }

  /// Somebody wants the newest values.
  package var wantLatest: Bool { !latestListeners.isEmpty }

  /// Those who want the newest values are told of a batch.
  package func takeLatest(_ batch: FreshSamples) {
    if latestListeners.isEmpty { return }
    let now = clock()
    for connection in latestListeners { connection.session.takeLatest(batch, of: topics, at: now) }
  }
}
