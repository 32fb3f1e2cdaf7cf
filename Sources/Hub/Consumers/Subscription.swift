package import MeasurementStream
package import StrictJSON

/// What one consumer wants to get.
package struct Subscription: Sendable {
  /// How it wants to get it.
  package enum Mode: String, CaseIterable, Sendable {
    /// Every record.
    case all
    /// The newest value of each channel, at most so often.
    case latest
    /// Events and results only.
    case results
  }

  /// How far a record must be before it is delivered.
  package enum Delivery: String, CaseIterable, Sendable {
    /// It has its number.
    case live
    /// It is on disk.
    case committed
  }

  /// Where it begins.
  package enum Start: Equatable, Sendable {
    /// With the next record.
    case now
    /// With the oldest record that is still held.
    case oldest
    /// After a record of an epoch.
    case after(epoch: String, sequence: UInt64)
  }

  /// The consumer's name for it.
  package var name: String
  /// How.
  package var mode: Mode
  /// How far its records must be.
  package var delivery: Delivery
  /// What.
  package var filter: RecordFilter
  /// Where it begins.
  package var start: Start
  /// Whether the devices are told first.
  package var snapshot: Bool
  /// `latest`: microseconds between two values of a channel.
  package var period: Int64

  /// The subscription wants this topic.
  package func wants(_ topic: Topic) -> Bool {
    if mode == .results, topic.kind == .measurement || topic.kind == .device || topic.kind == .gap { return false }
    if mode == .latest, topic.kind != .measurement { return false }
    return filter.accepts(topic)
  }
}

/// Which records. An empty list accepts everything.
package struct RecordFilter: Equatable, Sendable {
  /// Names of devices, with `*` for any characters.
  package var devices: [String] = []
  /// Kinds of records.
  package var kinds: [RecordKind] = []
  /// Quantities of channels; records without a channel pass.
  package var quantities: [String] = []
  /// Names of channels; records without a channel pass.
  package var channels: [String] = []

  /// Accepts everything.
  package init() {}

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

extension Subscription {
  /// Reads the parameters of `subscribe`; every one has a default. Unknown ones are ignored.
  package init(parameters: JSONNode) throws(JSONMismatch) {
    var fields = try JSONFields(parameters, "params")
    name = try fields.string("sub") ?? "main"
    if name.isEmpty || name.utf8.count > 64 {
      throw JSONMismatch(line: 0, key: "params.sub", problem: "must have 1 to 64 characters")
    }
    mode = try fields.word("mode", as: Mode.self) ?? .all
    delivery = try fields.word("delivery", as: Delivery.self) ?? .live
    snapshot = try fields.flag("snapshot") ?? true
    period = Int64(1e6 / (try fields.number("max_hz", in: 0.1...100) ?? 20))
    filter = RecordFilter()
    if var wanted = try fields.object("filter") {
      filter.devices = try wanted.oneOrMore("device")
      filter.quantities = try wanted.oneOrMore("quantity")
      filter.channels = try wanted.oneOrMore("channel")
      for kind in try wanted.oneOrMore("kind") {
        guard let known = RecordKind(rawValue: kind) else {
          let kinds = RecordKind.allCases.map(\.rawValue).joined(separator: ", ")
          throw JSONMismatch(line: 0, key: "params.filter.kind", problem: "must hold only \(kinds), not \"\(kind)\"")
        }
        filter.kinds.append(known)
      }
    }
    switch fields.node("from")?.value {
    case nil, .string("now"): start = .now
    case .string("oldest"): start = .oldest
    case .object:
      guard var from = try fields.object("from") else { fallthrough }
      let epoch = try from.requiredString("epoch")
      _ = try from.required("seq")
      start = .after(epoch: epoch, sequence: UInt64(try from.integer("seq", in: 0...(1 << 53)) ?? 0))
    default:
      throw JSONMismatch(
        line: 0, key: "params.from", problem: "must be \"now\", \"oldest\" or an object with epoch and seq")
    }
  }
}

extension JSONFields {
  /// A string, or a list of strings; at most 64 of them.
  fileprivate mutating func oneOrMore(_ key: String) throws(JSONMismatch) -> [String] {
    guard let node = node(key) else { return [] }
    let words = if let word = node.string { [word] } else { try strings(key) }
    if words.count > 64 { throw mismatch(key, node, "must not hold more than 64") }
    return words
  }
}
