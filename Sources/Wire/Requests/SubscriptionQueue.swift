package import StrictJSON

/// What may wait for a connection that reads more slowly than the stream runs.
public struct SubscriptionQueue: Equatable, Sendable {
  /// What happens when there is no room.
  public enum WhenFull: String, CaseIterable, Sendable {
    /// The oldest waiting measurements are dropped, and a gap counts them.
    case gap
    /// The connection ends before anything is lost: connect again and resume.
    case close
  }

  /// The most bytes that may wait; `nil`: what the hub says in its greeting.
  public var maxBytes: Int?
  /// What happens when they are reached.
  public var onFull: WhenFull

  /// A queue.
  public init(maxBytes: Int? = nil, onFull: WhenFull = .gap) {
    self.maxBytes = maxBytes
    self.onFull = onFull
  }

  /// The sizes that can be asked for.
  package static let possibleBytes: ClosedRange<Int64> = 65_536...16_777_216
}

extension SubscriptionQueue: WireObject {
  package func write(to writer: inout JSONWriter) {
    writer.known("max_bytes", maxBytes)
    writer.member("on_full", onFull.rawValue)
  }

  /// Reads what a consumer asks for; a size out of the possible ones is an error.
  package init(_ fields: JSONFields) throws(JSONMismatch) {
    var fields = fields
    maxBytes = try fields.integer("max_bytes", in: Self.possibleBytes).map(Int.init)
    onFull = try fields.word("on_full", as: WhenFull.self) ?? .gap
  }

  /// Reads what the hub tells back: its own limit may be any.
  init(told fields: JSONFields) throws(JSONMismatch) {
    var fields = fields
    maxBytes = try fields.count("max_bytes").map { Int(clamping: $0) }
    onFull = try fields.word("on_full", as: WhenFull.self) ?? .gap
  }
}
