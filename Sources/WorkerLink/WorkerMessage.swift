package import Readings

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

/// What a worker tells the hub.
package enum WorkerMessage: Equatable, Sendable {
  /// The first message: the worker's link version and process.
  case hello(version: UInt16, process: Int32)
  /// Answer to a ping.
  case pong(UInt32)
  /// The driver declared a channel.
  case channel(Channel)
  /// What the instrument says of itself.
  case identity(Identity)
  /// The instrument has answered.
  case ready
  /// Readings.
  case samples(Samples)
  /// Something happened.
  case event(Event)
  /// Samples were lost before they reached the driver.
  case lost(Loss)
  /// A health counter grew.
  case tally(counter: String, amount: UInt64)
  /// Something is wrong.
  case fault(FaultSeverity, code: String, sentence: String)
  /// Outcome of a command; an empty error is success.
  case outcome(command: UInt64, error: String)
  /// The last message: why the worker ends.
  case closed(CloseReason, code: String, sentence: String)

  /// The kind of the frame that carries samples, for those who read it with ``SamplesFrame``.
  package static let samplesKind: UInt8 = 6

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
    case .samples(let samples): writer.frame(Self.samplesKind) { samples.write(to: &$0) }
    case .event(let event): writer.frame(7) { event.write(to: &$0) }
    case .lost(let loss): writer.frame(8) { loss.write(to: &$0) }
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
    case 3: self = .channel(try Channel(from: &reader))
    case 4: self = .identity(try Identity(from: &reader))
    case 5: self = .ready
    case Self.samplesKind: self = .samples(try Samples(from: &reader))
    case 7: self = .event(try Event(from: &reader))
    case 8: self = .lost(try Loss(from: &reader))
    case 9: self = .tally(counter: try reader.name(), amount: try reader.count())
    case 10:
      guard let severity = FaultSeverity(rawValue: try reader.integer()) else { throw reader.refuse() }
      self = .fault(severity, code: try reader.name(), sentence: try reader.text(limit: ReadingLimits.sentenceBytes))
    case 11: self = .outcome(command: try reader.integer(), error: try reader.text(limit: ReadingLimits.sentenceBytes))
    case 12:
      guard let reason = CloseReason(rawValue: try reader.integer()) else { throw reader.refuse() }
      self = .closed(reason, code: try reader.name(), sentence: try reader.text(limit: ReadingLimits.sentenceBytes))
    default: throw .unknownKind(kind)
    }
    try reader.end()
  }
}
