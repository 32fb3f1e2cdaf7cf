/// The answer to a command (PROTOCOL.md 2.1).
package struct GoDirectResponse: Equatable, Sendable {
  /// The whole frame; offsets in PROTOCOL.md 4 count from its first byte.
  package let bytes: [UInt8]

  /// `nil` when the frame is a measurement, or too short to say what it answers.
  package init?(_ frame: GoDirectFrame) {
    guard !frame.isMeasurement, frame.bytes.count >= 6 else { return nil }
    bytes = frame.bytes
  }

  /// The command that it answers.
  package var id: UInt8 { bytes[4] }
  /// The rolling counter of that command.
  package var counter: UInt8 { bytes[5] }

  /// The status of an answer that carries no data; `nil` where there is not even that.
  package var status: AnswerStatus? { bytes.count >= 7 ? AnswerStatus(code: bytes[6]) : nil }

  /// The channels of a mask answer: bit n is channel n. `nil` when this is no such answer.
  package var mask: UInt32? { bytes.count == 10 ? bytes.littleEndian(at: 6) : nil }
}

/// How the instrument says that it did a thing, or why not (PROTOCOL.md 3.2).
package struct AnswerStatus: Equatable, Sendable {
  /// The byte in the answer.
  package let code: UInt8

  /// A status from its byte.
  package init(code: UInt8) { self.code = code }

  /// Done.
  package static let success = AnswerStatus(code: 0)
  /// This kind of instrument has no such command.
  package static let notSupported = AnswerStatus(code: 0x31)
  /// The period cannot change while it measures.
  package static let periodWhileMeasuring = AnswerStatus(code: 0x34)
  /// A parameter is outside what it can do.
  package static let invalidParameter = AnswerStatus(code: 0x36)

  /// In words, to follow "because".
  package var reason: String {
    switch code {
    case 0x00: "it succeeded"
    case 0x30: "it is not ready for a new command"
    case 0x31: "it does not know this command"
    case 0x32: "it has an internal error (1)"
    case 0x33: "it has an internal error (2)"
    case 0x34: "it cannot change the period while it measures"
    case 0x35: "it cannot read its memory while it measures fast"
    case 0x36: "a parameter is outside what it can do"
    case 0x37: "it cannot write its memory while it measures"
    case 0x38: "it cannot write its memory while data wait to be sent"
    case 0x39: "it cannot do this while it measures"
    case 0x3A: "it has no batteries"
    case 0x3B: "it cannot do this in its present mode"
    case 0x3C: "its audio control failed"
    case 0x3D: "its audio stream failed"
    default: "of a reason that is not known (status \(String(code, radix: 16)))"
    }
  }
}
