/// How a serial line is opened.
public struct SerialLine: Equatable, Sendable {
  /// Parity of each byte on the line.
  public enum Parity: UInt32, CaseIterable, Sendable { case none, odd, even }

  /// Bits per second.
  public var baud: UInt32
  /// Bits of data per byte, 5 to 8.
  public var dataBits: UInt32
  /// The parity bit, if any.
  public var parity: Parity
  /// 1 or 2.
  public var stopBits: UInt32
  /// Level of the DTR line after opening.
  public var dtr: Bool
  /// Level of the RTS line after opening.
  public var rts: Bool

  /// A line with the usual 8N1 framing and both lines up unless said otherwise.
  public init(
    baud: UInt32 = 9600, dataBits: UInt32 = 8, parity: Parity = .none, stopBits: UInt32 = 1, dtr: Bool = true,
    rts: Bool = true
  ) {
    self.baud = baud
    self.dataBits = dataBits
    self.parity = parity
    self.stopBits = stopBits
    self.dtr = dtr
    self.rts = rts
  }

  /// Every number is one that a line can have.
  public var isPossible: Bool {
    (50...4_000_000).contains(baud) && (5...8).contains(dataBits) && (1...2).contains(stopBits)
  }
}
