package import Stream
package import Wire

/// Where in the stream each consumer is.
extension Consumers {

  /// A consumer wants more. `from`: index of the first record that it gets; `nil`: the next one, or where its flow is.
  package func subscribe(_ connection: Connection, _ subscription: Subscription, from cursor: Cursor?) {
    connection.session.add(subscription, share)
    if subscription.mode == .latest {
      if !latestListeners.contains(where: { $0 === connection }) { latestListeners.append(connection) }
      return
    }
    move(connection, to: cursor)
  }

  /// A consumer wants less; `false` when it has no subscription of that name.
  package func unsubscribe(_ connection: Connection, _ name: String) -> Bool {
    leaveStream(connection, keepingPlace: true)
    let found = connection.session.remove(name, share)
    if !connection.session.subscriptions.wantLatest { latestListeners.removeAll { $0 === connection } }
    move(connection, to: nil)
    return found
  }

  /// Number of the first record that a subscription of a connection gets when it begins now.
  package func nextSequence(for connection: Connection, head: UInt64) -> UInt64 {
    guard case .behind(let cursor) = connection.session.place, cursor.next < tail.end else { return head + 1 }
    return tail[max(cursor.next, tail.first)].sequence
  }

  func share(_ parts: [Wishes.Part]) -> Wishes {
    if let audience = audiences[parts] { return audience.wishes }
    if audiences.count >= 64 { audiences = audiences.filter { !$0.value.members.isEmpty } }
    let wishes = Wishes(parts)
    audiences[parts] = Audience(wishes)
    return wishes
  }

  /// Puts a consumer where its wishes belong: among those that have got everything, or behind.
  func move(_ connection: Connection, to cursor: Cursor?) {
    leaveStream(connection, keepingPlace: true)
    guard !connection.session.wishes.parts.isEmpty, !connection.session.isClosing else { return }
    if let cursor {
      connection.session.place = .behind(cursor)
    } else if case .behind = connection.session.place {
      // Its flow goes on where it is.
    } else {
      connection.session.place = .behind(Cursor(at: tail.end))
    }
    addBehind(connection)
    needsWork(connection)
  }

  func leaveStream(_ connection: Connection, keepingPlace: Bool = false) {
    // Also where the session, which ends by itself, has no place any more.
    removeBehind(connection)
    if let seat = connection.seat {
      seat.audience.remove(connection)
      connection.session.place = keepingPlace ? .behind(Cursor(at: settled)) : .nowhere
    } else if !keepingPlace {
      connection.session.place = .nowhere
    }
  }

  func join(_ connection: Connection) {
    removeBehind(connection)
    connection.session.place = .upToDate
    let wishes = connection.session.wishes
    let audience = audiences[wishes.parts] ?? Audience(wishes)
    audiences[wishes.parts] = audience
    audience.add(connection)
  }

  func addBehind(_ connection: Connection) {
    if connection.behindIndex != nil { return }
    connection.behindIndex = behind.count
    behind.append(connection)
  }

  func removeBehind(_ connection: Connection) {
    guard let index = connection.behindIndex else { return }
    connection.behindIndex = nil
    let last = behind.removeLast()
    if last !== connection {
      behind[index] = last
      last.behindIndex = index
    }
  }
}
