public import StrictJSON

/// What a consumer wants to be told of.
public struct Subscription: Equatable, Sendable {
  /// How much of the stream.
  public enum Mode: String, Sendable {
    /// Every record.
    case all
    /// Of each channel the newest sample, at most so often.
    case latest
    /// Events and results only.
    case results
  }

  /// Where in the stream to begin.
  public enum Start: Equatable, Sendable {
    /// With what comes next.
    case now
    /// With the oldest record that the hub has.
    case oldest
    /// With the record after this one, of this epoch: nothing is missed between two connections.
    case after(epoch: String, sequence: UInt64)
  }

  /// The name by which heartbeats and gaps call it.
  public var name = "live"
  /// How much of the stream.
  public var mode: Mode
  /// In mode ``Mode/latest``: how often a second at most.
  public var highestRate: Double?
  /// Patterns of device names (`grip-*`); none: all.
  public var devices: [String] = []
  /// Kinds of records (`measurement`, `event`, `result`, `device`, `gap`); none: all.
  public var kinds: [String] = []
  /// Quantities (`force`); none: all.
  public var quantities: [String] = []
  /// Names of channels; none: all.
  public var channels: [String] = []
  /// Begin by telling of all devices.
  public var snapshot = true
  /// Where in the stream to begin.
  public var start = Start.now

  /// A subscription to every device; change the properties for less.
  public init(_ mode: Mode = .all) { self.mode = mode }

  /// The parameters of the method `subscribe`.
  public var parameters: JSONNode {
    var members = [JSONMember("sub", JSONNode(.string(name))), JSONMember("mode", JSONNode(.string(mode.rawValue)))]
    if let highestRate { members.append(JSONMember("max_hz", JSONNode(.number(highestRate)))) }
    let filter = [("device", devices), ("kind", kinds), ("quantity", quantities), ("channel", channels)]
      .filter { !$0.1.isEmpty }
      .map { key, words in JSONMember(key, JSONNode(.array(words.map { JSONNode(.string($0)) }))) }
    if !filter.isEmpty { members.append(JSONMember("filter", JSONNode(.object(filter)))) }
    members.append(JSONMember("snapshot", JSONNode(.bool(snapshot))))
    members.append(JSONMember("from", start.node))
    return JSONNode(.object(members))
  }
}

extension Subscription.Start {
  fileprivate var node: JSONNode {
    switch self {
    case .now: JSONNode(.string("now"))
    case .oldest: JSONNode(.string("oldest"))
    case .after(let epoch, let sequence):
      JSONNode(
        .object([
          JSONMember("epoch", JSONNode(.string(epoch))),
          JSONMember("seq", JSONNode(.integer(Int64(clamping: sequence)))),
        ]))
    }
  }
}

/// The hub's answer to a subscription.
public struct SubscriptionAnswer: Equatable, Sendable {
  /// The name of the stream's present life.
  public let epoch: String
  /// The number of the oldest record that the hub has.
  public let oldestSequence: UInt64?
  /// The number of the newest record.
  public let headSequence: UInt64
  /// The number of the first record that this subscription may get.
  public let startSequence: UInt64
  /// Older records come first.
  public let replay: Bool

  init(_ node: JSONNode) throws(JSONMismatch) {
    var fields = try JSONFields(node, "result")
    epoch = try fields.text("epoch")
    oldestSequence = try fields.count("oldest_seq")
    headSequence = try fields.requiredCount("head_seq")
    startSequence = try fields.count("start_seq") ?? headSequence + 1
    replay = try fields.flag("replay") ?? false
  }
}
