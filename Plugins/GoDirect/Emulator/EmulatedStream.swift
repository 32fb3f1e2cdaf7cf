import DriverKit

/// The samples that an emulated instrument takes while it measures: number k exactly at start plus k periods, however
/// late somebody asks for it.
struct EmulatedStream {
  /// Longest measurement frame that the maker's Python client reads without damage: one report.
  private static let longestFrame = 63
  private static let headerLength = 9
  /// Faster samples share frames, so that about a hundred frames go out per second.
  private static let frameTime: Microseconds = 10_000
  /// Samples that its memory holds when nobody fetches them.
  private static let memory: Int64 = 5000

  let mask: UInt32
  let channels: [UInt8]
  let period: Microseconds
  /// When sample 0 is taken.
  let start: Microseconds
  let samplesPerFrame: Int64
  /// Index of the first sample that has not been sent.
  private(set) var index: Int64 = 0
  /// Frames so far, sent or spoilt.
  private(set) var frames: Int64 = 0

  init(mask: UInt32, period: Microseconds, start: Microseconds) {
    self.mask = mask
    self.period = period
    self.start = start
    channels = GoDirect.channels(in: mask)
    let room = Int64((Self.longestFrame - Self.headerLength) / (4 * channels.count))
    samplesPerFrame = min((Self.frameTime + period - 1) / period, room)
  }

  /// When the next full frame is complete.
  var due: Microseconds { time(of: index + samplesPerFrame - 1) }

  /// The body of the next full frame. Its samples have been taken.
  mutating func nextFrame(_ signal: inout EmulatedSignal) -> [UInt8] { frame(of: samplesPerFrame, &signal) }

  /// The body of a shorter frame with the samples that have been taken up to now; `nil` when there are none.
  mutating func remainder(at now: Microseconds, _ signal: inout EmulatedSignal) -> [UInt8]? {
    let taken = taken(at: now)
    return taken > 0 ? frame(of: min(taken, samplesPerFrame), &signal) : nil
  }

  /// Forgets samples when more were taken than the memory holds: the body of the frame that says so.
  mutating func overflow(at now: Microseconds) -> [UInt8]? {
    let taken = taken(at: now)
    return taken > Self.memory ? dropped(min(taken, Int64(UInt16.max))) : nil
  }

  /// The body of a frame that says that the next frame's samples were dropped.
  mutating func dropFrame() -> [UInt8] {
    frames += 1
    return dropped(samplesPerFrame)
  }

  private mutating func dropped(_ count: Int64) -> [UInt8] {
    index += count
    var body = [Measurement.droppedType]
    body.append(littleEndian: UInt16(truncatingIfNeeded: mask))
    body.append(littleEndian: UInt16(count))
    return body
  }

  private func time(of index: Int64) -> Microseconds { start + index * period }

  private func taken(at now: Microseconds) -> Int64 { now < start ? 0 : (now - start) / period + 1 - index }

  private mutating func frame(of count: Int64, _ signal: inout EmulatedSignal) -> [UInt8] {
    frames += 1
    var body = [Measurement.normalType]
    body.append(littleEndian: UInt16(truncatingIfNeeded: mask))
    body += [UInt8(count), 0]
    for _ in 0..<count {
      for channel in channels {
        body.append(littleEndian: signal.value(of: channel, index: index, at: time(of: index)).bitPattern)
      }
      index += 1
    }
    return body
  }
}
