package import DriverKit

/// The commands that the driver uses (PROTOCOL.md 3.1).
package enum GoDirectCommand: Equatable, Sendable {
  /// Begins a conversation; the instrument stops measuring.
  case initialize
  /// Firmware, complaints and battery.
  case status
  /// Model, serial number and more.
  case deviceInfo
  /// Channels that it would measure unasked.
  case defaultMask
  /// Channels that it has.
  case availableMask
  /// Unit, range and periods of a channel.
  case sensorInfo(channel: UInt8)
  /// Time between samples of all channels, in microseconds.
  case setPeriod(Microseconds)
  /// Channels to measure: bit n is channel n. The first sample is taken at once.
  case startMeasuring(mask: UInt32)
  /// Stops all channels.
  case stopMeasuring
  /// Ends the conversation.
  case disconnect

  /// The byte that names the command in it and in its answer.
  package enum ID: UInt8, Sendable {
    case status = 0x10
    case start = 0x18
    case stop = 0x19
    case initialize = 0x1A
    case setPeriod = 0x1B
    case sensorInfo = 0x50
    case availableMask = 0x51
    case disconnect = 0x54
    case deviceInfo = 0x55
    case defaultMask = 0x56
  }

  /// What INIT carries.
  static let initContent: [UInt8] = [
    0xA5, 0x4A, 0x06, 0x49, 0x07, 0x48, 0x08, 0x47, 0x09, 0x46, 0x0A, 0x45, 0x0B, 0x44, 0x0C, 0x43, 0x0D, 0x42, 0x0E,
    0x41,
  ]
  private static let allChannels: UInt8 = 0xFF

  /// The byte that names it.
  package var id: ID {
    switch self {
    case .initialize: .initialize
    case .status: .status
    case .deviceInfo: .deviceInfo
    case .defaultMask: .defaultMask
    case .availableMask: .availableMask
    case .sensorInfo: .sensorInfo
    case .setPeriod: .setPeriod
    case .startMeasuring: .start
    case .stopMeasuring: .stop
    case .disconnect: .disconnect
    }
  }

  /// The frame with the host's rolling counter in it.
  package func frame(counter: UInt8) -> GoDirectFrame {
    var body = [id.rawValue]
    switch self {
    case .initialize: body += Self.initContent
    case .sensorInfo(let channel): body.append(channel)
    case .setPeriod(let period):
      body += [Self.allChannels, 0]
      body.append(littleEndian: UInt64(clamping: period))
    case .startMeasuring(let mask):
      let sampleAtOnce: UInt8 = 1
      body += [Self.allChannels, sampleAtOnce]
      body.append(littleEndian: mask)
      body.append(littleEndian: Int64(0))  // the time at which to start: now
    case .stopMeasuring: body += [Self.allChannels, 0, 0xFF, 0xFF, 0xFF, 0xFF]
    case .status, .deviceInfo, .defaultMask, .availableMask, .disconnect: break
    }
    return GoDirectFrame(header: GoDirectFrame.commandHeader, counter: counter, body: body)
  }

  /// How long to wait for the answer: 5 s as the maker's libraries do, 8 s for the slow one (PROTOCOL.md 3.4).
  package var patience: Microseconds { self == .deviceInfo ? 8_000_000 : 5_000_000 }

  /// What it is for, to follow "did not answer when asked".
  package var purpose: String {
    switch self {
    case .initialize: "to begin"
    case .status: "for its status"
    case .deviceInfo: "who it is"
    case .defaultMask: "for its default sensors"
    case .availableMask: "for its sensors"
    case .sensorInfo(let channel): "about sensor \(channel)"
    case .setPeriod(let period): "to measure every \(milliseconds(period)) ms"
    case .startMeasuring: "to start measuring"
    case .stopMeasuring: "to stop measuring"
    case .disconnect: "to disconnect"
    }
  }
}

/// Microseconds as milliseconds in the fewest digits: `10`, `2.5`.
func milliseconds(_ time: Microseconds) -> String {
  time % 1000 == 0 ? "\(time / 1000)" : "\(Double(time) / 1000)"
}
