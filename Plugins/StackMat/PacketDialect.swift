import DriverKit

/// Reads what stands before a terminator, LF CR (PROTOCOL.md 4.1).
struct PacketDialect: Dialect {
  /// What stood before a terminator.
  struct Finding: Equatable {
    var packet: Packet?
    /// Bytes were lost or changed. A packet may have survived behind them.
    var damage: Packet.Damage?
  }

  /// That of the timer, once it is known.
  var layout: PacketLayout?

  /// Cuts the stream of bytes into packets. It keeps more bytes than any packet has, so that what was cut fits none.
  static var framer: Framer<PacketDialect> {
    Framer(.terminated(by: [0x0A, 0x0D]), longest: 16, dialect: PacketDialect())
  }

  /// Everything is read: which packets are damaged, and how, is counted.
  func isValid(_ frame: Span<UInt8>) -> Bool { true }

  /// Where the layout is known, a packet may stand behind rubbish: its forerunner has lost its terminator. Where it is
  /// not known, only a body of exactly seven or eight bytes is one: a digit 0 with one wrong bit is the head "running",
  /// and so the end of a ten-byte packet would make a nine-byte packet with a wrong time and a right checksum.
  func read(_ frame: Span<UInt8>) -> Finding? {
    let fitting = PacketLayout.allCases.first { $0.bodyLength == frame.count }
    guard let layout = layout ?? fitting else { return Finding(packet: nil, damage: .framing) }
    let body = frame.withUnsafeBufferPointer { Array($0.suffix(layout.bodyLength)) }
    do throws(Packet.Damage) {
      return Finding(packet: try Packet(body: body[...], layout), damage: layout == fitting ? nil : .framing)
    } catch {
      return Finding(packet: nil, damage: layout == fitting ? error : .framing)
    }
  }
}
