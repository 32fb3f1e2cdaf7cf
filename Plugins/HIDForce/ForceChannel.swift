internal import DriverKit
internal import HIDReportDescriptor

/// One force of an instrument: where it comes from, and what is to be remembered of it.
struct ForceChannel {
  /// A person waits for its zero.
  struct Zeroing {
    var command: DriverCommand
    var deadline: Microseconds
  }

  /// Its number, from 0 in the order of the descriptor.
  let number: UInt32
  /// Where it is in the reports.
  let source: ForceSource
  /// How it is zeroed, where it can be.
  let zeroScale: ZeroScale?
  /// Unit of the instrument's own numbers, once it is known.
  var rawUnit: String?
  /// Reports that are still from before the start.
  var reportsToDiscard = 0
  /// The zero that is under way.
  var zeroing: Zeroing?

  /// `force`, and `force-2` and so on for those after it.
  var name: String { number == 0 ? "force" : "force-\(number + 1)" }

  init(number: UInt32, source: ForceSource, zeroScale: ZeroScale?, discardsFirst: Bool) {
    self.number = number
    self.source = source
    switch source {
    case .field:
      self.zeroScale = nil
      rawUnit = "{count}"
    case .scale:
      self.zeroScale = zeroScale
      reportsToDiscard = discardsFirst ? 1 : 0
    }
  }

  /// All forces of an instrument. Where one request zeroes them all, it is that of each.
  static func all(
    _ sources: [ForceSource], zeros: [ZeroScale], discardsFirst: Bool
  ) -> [ForceChannel] {
    sources.enumerated().map { index, source in
      let zero = zeros.count == 1 ? zeros[0] : zeros.indices.contains(index) ? zeros[index] : nil
      return ForceChannel(number: UInt32(index), source: source, zeroScale: zero, discardsFirst: discardsFirst)
    }
  }

  /// Tells the host of it, again when its raw unit changes.
  func declare(interval: Microseconds, _ host: DriverHost) {
    var channel = Channel(
      number: number, name: name, quantity: "force", unit: "N", rawUnit: rawUnit, interval: interval)
    if case .field(let field) = source {
      channel.range = field.range
      channel.resolution = field.resolution
    }
    host.declare(channel)
  }

  /// Hands on what a report says.
  func send(_ reading: ForceReading, at time: Microseconds, _ host: DriverHost) {
    host.sample(channel: number, value: reading.newtons, raw: reading.raw, quality: reading.quality, at: time)
  }

  /// A report of the force that ends before the force does.
  func lose(_ host: DriverHost) { host.lost(channel: number, count: 1, reason: "short_report") }

  /// The scale shows zero.
  mutating func finishZero(_ host: DriverHost) {
    guard let zeroing else { return }
    self.zeroing = nil
    host.finish(zeroing.command)
  }

  /// The scale does not show zero.
  mutating func failZero(_ sentence: String, _ host: DriverHost) {
    guard let zeroing else { return }
    self.zeroing = nil
    host.fail(zeroing.command, because: sentence)
  }
}
