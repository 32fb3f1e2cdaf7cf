/// Why a worker ends on its own account.
package enum CloseReason: UInt8, Sendable {
  /// The hub asked for it.
  case stopped
  /// The instrument was unplugged, or its line broke.
  case lost
  /// Another program holds the port.
  case busy
  /// We may not open the node.
  case forbidden
  /// The node could not be opened for another reason.
  case unopened
  /// The module could not be loaded or refuses its settings: no restart can help.
  case refused
  /// The driver asked for a restart.
  case restart
}

/// How bad a driver's fault is.
package enum LinkSeverity: UInt8, Sendable {
  /// Worth telling; work goes on.
  case note
  /// The driver asks to be started anew.
  case restart
  /// No start can help until a person changes something.
  case refuse
}

/// What a worker tells the hub.
package enum WorkerMessage: Equatable, Sendable {
  /// The first message: the worker's link version and process.
  case hello(version: UInt16, process: Int32)
  /// Answer to a ping.
  case pong(UInt32)
  /// The driver declared a channel.
  case channel(LinkChannel)
  /// What the instrument says of itself.
  case identity(LinkIdentity)
  /// The instrument has answered.
  case ready
  /// Readings.
  case samples(LinkSamples)
  /// Something happened.
  case event(LinkEvent)
  /// Samples were lost before they reached the driver.
  case lost(channel: UInt32, count: UInt64, reason: String)
  /// A health counter grew.
  case tally(counter: String, amount: UInt64)
  /// Something is wrong.
  case fault(LinkSeverity, code: String, sentence: String)
  /// Outcome of a command; an empty error is success.
  case outcome(command: UInt64, error: String)
  /// The last message: why the worker ends.
  case closed(CloseReason, code: String, sentence: String)

  /// Appends the message as one frame.
  package func write(to writer: inout ByteWriter) {
    switch self {
    case .hello(let version, let process):
      writer.frame(1) {
        $0.integer(version)
        $0.integer(process)
      }
    case .pong(let number): writer.frame(2) { $0.integer(number) }
    case .channel(let channel): writer.frame(3) { channel.write(to: &$0) }
    case .identity(let identity): writer.frame(4) { identity.write(to: &$0) }
    case .ready: writer.frame(5) { _ in }
    case .samples(let samples): writer.frame(6) { samples.write(to: &$0) }
    case .event(let event): writer.frame(7) { event.write(to: &$0) }
    case .lost(let channel, let count, let reason):
      writer.frame(8) {
        $0.integer(channel)
        $0.integer(count)
        $0.text(reason)
      }
    case .tally(let counter, let amount):
      writer.frame(9) {
        $0.text(counter)
        $0.integer(amount)
      }
    case .fault(let severity, let code, let sentence):
      writer.frame(10) {
        $0.integer(severity.rawValue)
        $0.text(code)
        $0.text(sentence)
      }
    case .outcome(let command, let error):
      writer.frame(11) {
        $0.integer(command)
        $0.text(error)
      }
    case .closed(let reason, let code, let sentence):
      writer.frame(12) {
        $0.integer(reason.rawValue)
        $0.text(code)
        $0.text(sentence)
      }
    }
  }

  /// Reads a message from a frame, and refuses one that no honest driver can have caused.
  package init(kind: UInt8, payload: ArraySlice<UInt8>) throws(LinkError) {
    var reader = ByteReader(payload, kind: kind)
    switch kind {
    case 1: self = .hello(version: try reader.integer(), process: try reader.integer())
    case 2: self = .pong(try reader.integer())
    case 3: self = .channel(try LinkChannel(from: &reader))
    case 4: self = .identity(try LinkIdentity(from: &reader))
    case 5: self = .ready
    case 6: self = .samples(try LinkSamples(from: &reader))
    case 7: self = .event(try LinkEvent(from: &reader))
    case 8:
      self = .lost(channel: try reader.integer(), count: try reader.integer(), reason: try Self.word(&reader))
    case 9: self = .tally(counter: try Self.word(&reader), amount: try reader.integer())
    case 10:
      guard let severity = LinkSeverity(rawValue: try reader.integer()) else { throw reader.refuse() }
      self = .fault(severity, code: try Self.word(&reader), sentence: try reader.text(limit: 1024))
    case 11: self = .outcome(command: try reader.integer(), error: try reader.text(limit: 1024))
    case 12:
      guard let reason = CloseReason(rawValue: try reader.integer()) else { throw reader.refuse() }
      self = .closed(reason, code: try Self.word(&reader), sentence: try reader.text(limit: 1024))
    default: throw .unknownKind(kind)
    }
    try reader.end()
  }

  private static func word(_ reader: inout ByteReader) throws(LinkError) -> String {
    let word = try reader.text(limit: 64)
    guard isName(word) else { throw reader.refuse() }
    return word
  }
}
