/// Cuts the stream of bytes into packets at their terminator, LF CR (PROTOCOL.md 4.1).
struct PacketFramer {
  /// What stood before a terminator.
  struct Finding: Equatable {
    var packet: Packet?
    /// Bytes were lost or changed. A packet may have survived behind them.
    var damage: Packet.Damage?
  }

  /// Bytes since the last terminator, the newest few of them.
  private var segment: [UInt8] = []
  private var isCut = false
  /// The line may have been opened in the middle of a packet: what comes before the first terminator is no error.
  private var isFirst = true

  private static let room = 64
  private static let longestBody = 9  // of a packet, and the LF of its terminator

  /// Bytes that are kept until the next terminator.
  var waiting: Int { segment.count }

  /// Takes one byte; says something when it ends a terminator. `layout` is that of the timer, once it is known.
  mutating func take(_ byte: UInt8, layout: PacketLayout?) -> Finding? {
    guard byte == 0x0D, segment.last == 0x0A else {
      if segment.count == Self.room {
        segment.removeFirst(Self.room - Self.longestBody)
        isCut = true
      }
      segment.append(byte)
      return nil
    }
    segment.removeLast()
    var finding = read(layout)
    if isFirst { finding.damage = nil }
    segment.removeAll(keepingCapacity: true)
    isCut = false
    isFirst = false
    return finding
  }

  /// Where the layout is known, a packet may stand behind rubbish: its forerunner has lost its terminator. Where it is
  /// not known, only a body of exactly seven or eight bytes is one: a digit 0 with one wrong bit is the head "running",
  /// and so the end of a ten-byte packet would make a nine-byte packet with a wrong time and a right checksum.
  private func read(_ known: PacketLayout?) -> Finding {
    let fitting = isCut ? nil : PacketLayout.allCases.first { $0.bodyLength == segment.count }
    guard let layout = known ?? fitting else { return Finding(packet: nil, damage: .framing) }
    do throws(Packet.Damage) {
      let packet = try Packet(body: segment.suffix(layout.bodyLength), layout)
      return Finding(packet: packet, damage: layout == fitting ? nil : .framing)
    } catch {
      return Finding(packet: nil, damage: layout == fitting ? error : .framing)
    }
  }
}
