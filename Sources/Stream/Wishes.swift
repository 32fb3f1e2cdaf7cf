package import Wire

/// What the subscriptions of one connection together want of the stream. Connections that want the same share one.
package final class Wishes {
  /// One subscription's part: its mode and its filter.
  package struct Part: Hashable, Sendable {
    /// `all` or `results`.
    package var mode: Subscription.Mode
    /// Which records.
    package var filter: RecordFilter
    /// A part.
    package init(mode: Subscription.Mode, filter: RecordFilter) {
      self.mode = mode
      self.filter = filter
    }

    /// The subscription wants records of this topic.
    package func wants(_ topic: Topic) -> Bool {
      switch mode {
      case .all: filter.accepts(topic)
      case .results: (topic.kind == .event || topic.kind == .result) && filter.accepts(topic)
      case .latest: topic.kind == .measurement && filter.accepts(topic)
      }
    }

    var wantsEverything: Bool { mode == .all && filter == RecordFilter() }
  }

  /// The parts.
  package let parts: [Part]
  /// Every record is wanted.
  package let wantsEverything: Bool
  /// By number of the topic: 0 not yet decided, 1 wanted, 2 not wanted.
  private var decisions: [UInt8] = []

  /// Wishes of these parts.
  package init(_ parts: [Part]) {
    self.parts = parts
    wantsEverything = parts.contains(where: \.wantsEverything)
  }

  /// Whether records of a topic are wanted. A filter is asked once per topic; `nil` when that cannot be afforded now.
  package func want(_ number: TopicNumber, of topics: TopicTable) -> Bool? {
    if wantsEverything { return true }
    let index = Int(number.index)
    if index < decisions.count, decisions[index] != 0 { return decisions[index] == 1 }
    return decide(number, of: topics)
  }

  private func decide(_ number: TopicNumber, of topics: TopicTable) -> Bool? {
    if topics.decisionsLeft == 0 { return nil }
    topics.decisionsLeft -= 1
    let index = Int(number.index)
    if index >= decisions.count { decisions += [UInt8](repeating: 0, count: index - decisions.count + 8) }
    let topic = topics[number]
    let wanted = parts.contains { $0.wants(topic) }
    decisions[index] = wanted ? 1 : 2
    return wanted
  }
}

extension RecordFilter {
  /// The filter lets this topic through.
  package func accepts(_ topic: Topic) -> Bool {
    (kinds.isEmpty || kinds.contains(topic.kind))
      && (devices.isEmpty || devices.contains { globMatches($0, topic.device) })
      && (quantities.isEmpty || topic.quantity.isEmpty || quantities.contains(topic.quantity))
      && (channels.isEmpty || topic.channel.isEmpty || channels.contains(topic.channel))
  }
}

/// The pattern matches the whole text; `*` stands for any characters, also none.
package func globMatches(_ pattern: String, _ text: String) -> Bool {
  let (pattern, text) = (Array(pattern.utf8), Array(text.utf8))
  var (p, t) = (0, 0)
  var retry: (p: Int, t: Int)?
  while t < text.count {
    if p < pattern.count, pattern[p] == UInt8(ascii: "*") {
      retry = (p + 1, t)
      p += 1
    } else if p < pattern.count, pattern[p] == text[t] {
      p += 1
      t += 1
    } else if let again = retry {
      retry = (again.p, again.t + 1)
      (p, t) = (again.p, again.t + 1)
    } else {
      return false
    }
  }
  return pattern[p...].allSatisfy { $0 == UInt8(ascii: "*") }
}
