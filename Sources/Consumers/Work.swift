internal import Readings
internal import Stream
internal import Wire

/// Requests, and those that are behind: done in slices of bounded time, for each user in turn.
extension Consumers {
  /// Something is to be done for a consumer.
  func needsWork(_ connection: Connection) {
    // One that is closed would be kept by an account that nobody serves any more, and keep that in turn.
    if connection.isOpen { connection.account.add(connection) }
  }

  /// Somebody waits for the loop's time.
  package var haveWork: Bool { !postponed.isEmpty || userOrder.contains(where: \.hasWork) }

  /// Carries out requests and brings on those that are behind, for a slice of time; each user in turn.
  package func work() {
    let until = clock() + Self.slice
    for connection in postponed {
      connection.isPostponed = false
      needsWork(connection)
    }
    postponed.removeAll(keepingCapacity: true)
    var idle = 0
    while idle < userOrder.count {
      nextUser = (nextUser + 1) % userOrder.count
      guard let connection = userOrder[nextUser].take() else {
        idle += 1
        continue
      }
      idle = 0
      if connection.isOpen { serve(connection) }
      if clock() >= until { break }
    }
  }

  private func serve(_ connection: Connection) {
    let now = clock()
    if !connection.session.isClosing || !connection.session.outbox.isEmpty {
      if connection.flush(at: now) { bringOn(connection, at: now) }
      if let line = connection.session.nextLine(at: now) {
        services?.carryOut(line, connection)
        _ = connection.flush(at: now)
      }
    }
    finish(connection, at: now)
  }

  /// After anything was done for a consumer: it is let go of, or waits for what it needs next.
  func finish(_ connection: Connection, at now: Microseconds) {
    if !connection.isOpen { return }
    if connection.session.isClosing { leaveStream(connection) }
    if !connection.session.outbox.isEmpty, connection.seat != nil { stepBack(connection) }
    if connection.session.settle() {
      remove(connection)
      return
    }
    connection.settle(loop)
    if connection.account.bytes > limits.bytesOfUser, connection.session.ownBytes > 4096, !connection.session.isClosing
    {
      leaveStream(connection)
      connection.session.close(
        RequestError(
          .overBudget,
          "More than \(limits.bytesOfUser) bytes wait for the connections of user \(connection.account.user): read faster."
        ),
        at: now)
      needsWork(connection)
    }
    if connection.session.hasWork || canSend(connection) { needsWork(connection) }
  }

  /// One that has got everything, and does not take an answer: from now on it is behind.
  func stepBack(_ connection: Connection) {
    connection.seat?.audience.remove(connection)
    connection.session.place = .behind(Cursor(at: settled))
    addBehind(connection)
  }

  private func canSend(_ connection: Connection) -> Bool {
    if connection.isBlocked { return false }
    if !connection.session.outbox.isEmpty { return true }
    if case .behind = connection.session.place { return !connection.session.isClosing && !connection.isPostponed }
    return false
  }

  /// Sends a consumer that is behind what it has yet to get, a slice of it.
  private func bringOn(_ connection: Connection, at now: Microseconds) {
    connection.session.keepUp(with: tail, topics, isBlocked: connection.isBlocked, at: now)
    guard case .behind(var cursor) = connection.session.place, !connection.session.isClosing else { return }
    while let aside = cursor.takeAside() {
      switch aside {
      case .skipped(let skipped):
        connection.session.outbox.append(gap(skipped).line)
      case .line(let line, let sequence, let samples):
        connection.session.outbox.append(line)
        connection.session.counters.sequence = sequence
        connection.session.counters.records += 1
        connection.session.counters.samples += samples
      }
      if !connection.flush(at: now) { break }
    }
    if connection.session.outbox.isEmpty, !cursor.hasAside, cursor.next < tail.end {
      let batch = gatherer.gather(
        connection.session.wishes, of: tail, topics, from: cursor.next, to: tail.end,
        mostBytes: Self.mostBytes, mostEntries: Self.mostEntries)
      if batch.end == batch.first { postpone(connection) }
      cursor.advance(to: send(batch, to: connection, at: now))
    }
    if connection.session.isClosing { return }
    guard cursor.isAtEnd(of: tail), connection.session.outbox.isEmpty else {
      return connection.session.place = .behind(cursor)
    }
    if settled == tail.end {
      join(connection)
    } else {
      connection.session.place = .behind(cursor)
      postpone(connection)
    }
  }

  /// Nothing can be done for it in this turn: its filter cannot be asked any more, or the others have yet to get what it has.
  private func postpone(_ connection: Connection) {
    if connection.isPostponed { return }
    connection.isPostponed = true
    postponed.append(connection)
  }

  private func gap(_ skipped: Cursor.Skipped) -> ConsumerGap {
    guard let samples = skipped.samples else { return .noLongerHeld(from: skipped.after + 1, to: skipped.next) }
    return .slow(
      after: skipped.after, next: skipped.next, lostRecords: skipped.records, lostSamples: samples,
      recoverable: (tail.oldest ?? .max) <= skipped.after + 1)
  }

  /// Gives the index of the first record that has yet to go out.
  private func send(_ batch: Batch, to connection: Connection, at now: Microseconds) -> Int {
    if batch.records == 0 { return batch.end }
    let sent = connection.write(batch.bytes)
    if sent < 0 { return batch.first }
    if sent < batch.bytes.count { return tookPart(connection, batch, connection.session.wishes, sent: sent) }
    connection.session.counters.records += batch.records
    connection.session.counters.samples += batch.samples
    connection.session.counters.sequence = tail[batch.newest].sequence
    connection.session.progressed(at: now)
    return batch.end
  }
}
