package import Readings

/// The payload of a frame of samples, checked in place: what the hub reads without making arrays of it first. It accepts
/// exactly what ``WorkerMessage`` accepts, and is valid for as long as the bytes that it was made from.
package struct SamplesFrame {
  /// Number of the channel.
  package let channel: UInt32
  /// How many samples there are, at least one.
  package let count: Int
  /// Station time of the first sample.
  package let time: Microseconds
  /// Time between samples.
  package let interval: Microseconds
  /// The instrument's own time of the first sample.
  package let deviceTime: Microseconds?

  private let values: UnsafeRawPointer
  private let rawValues: UnsafeRawPointer?
  private let qualities: UnsafeRawPointer?
  private let offsets: UnsafeRawPointer?

  /// Bytes before the first list: channel, time, interval, time of the instrument.
  private static let headBytes = 28
  private static let kind = WorkerMessage.samplesKind

  /// Checks a payload.
  package init(_ payload: UnsafeRawBufferPointer) throws(LinkError) {
    guard let base = payload.baseAddress, payload.count >= Self.headBytes else { throw .badSize(kind: Self.kind) }
    channel = Self.load(base, 0, as: UInt32.self)
    time = Self.load(base, 4, as: Int64.self)
    interval = Self.load(base, 12, as: Int64.self)
    let device = Self.load(base, 20, as: Int64.self)
    deviceTime = device == .min ? nil : device
    guard time.magnitude <= ReadingLimits.integer.magnitude, (0...ReadingLimits.span).contains(interval),
      (deviceTime ?? 0).magnitude <= ReadingLimits.integer.magnitude
    else { throw .badValue(kind: Self.kind) }

    var position = Self.headBytes
    let (values, count) = try Self.list(payload, at: &position, elementBytes: 8)
    let (rawValues, rawCount) = try Self.list(payload, at: &position, elementBytes: 8)
    let (qualities, qualityCount) = try Self.list(payload, at: &position, elementBytes: 4)
    let (offsets, offsetCount) = try Self.list(payload, at: &position, elementBytes: 8)
    guard position == payload.count else { throw .badSize(kind: Self.kind) }
    guard count > 0, rawCount == 0 || rawCount == count, qualityCount == 0 || qualityCount == count,
      offsetCount == 0 || offsetCount == count
    else { throw .badValue(kind: Self.kind) }
    self.values = values
    self.count = count
    self.rawValues = rawCount > 0 ? rawValues : nil
    self.qualities = qualityCount > 0 ? qualities : nil
    self.offsets = offsetCount > 0 ? offsets : nil

    var newest: Int64 = 0
    for index in 0..<offsetCount {
      let offset = Self.load(offsets, 8 * index, as: Int64.self)
      guard offset >= newest, offset <= ReadingLimits.span else { throw .badValue(kind: Self.kind) }
      newest = offset
    }
  }

  /// Checks a payload, and makes values of it that outlive its bytes.
  package static func samples(in payload: ArraySlice<UInt8>) throws(LinkError) -> Samples {
    let read: Result<Samples, LinkError> = payload.withUnsafeBytes { bytes in
      do throws(LinkError) { return .success(try SamplesFrame(bytes).samples) } catch { return .failure(error) }
    }
    return try read.get()
  }

  /// A value in the channel's unit; not finite where there is no valid number.
  package func value(_ index: Int) -> Double {
    precondition((0..<count).contains(index), "a sample that is not there")
    return Double(bitPattern: Self.load(values, 8 * index, as: UInt64.self))
  }

  /// A value as the instrument gave it; `nil` where the samples have none.
  package func raw(_ index: Int) -> Double? {
    precondition((0..<count).contains(index), "a sample that is not there")
    return rawValues.map { Double(bitPattern: Self.load($0, 8 * index, as: UInt64.self)) }
  }

  /// What is to be said about a sample.
  package func quality(_ index: Int) -> Quality {
    precondition((0..<count).contains(index), "a sample that is not there")
    return qualities.map { Quality(rawValue: Self.load($0, 4 * index, as: UInt32.self)) } ?? []
  }

  /// Microseconds after `time`; `nil` where the samples come at a regular interval.
  package func offset(_ index: Int) -> Microseconds? {
    precondition((0..<count).contains(index), "a sample that is not there")
    return offsets.map { Self.load($0, 8 * index, as: Int64.self) }
  }

  /// The samples have values as the instrument gave them.
  package var hasRaw: Bool { rawValues != nil }
  /// Something is to be said about one of the samples at least.
  package var hasQuality: Bool { qualities != nil }
  /// The samples come at irregular times.
  package var hasOffsets: Bool { offsets != nil }

  /// Station time of a sample. It cannot overflow: twelve days, 4096 times, after a time of the stream.
  package func time(of index: Int) -> Microseconds { time + (offset(index) ?? Microseconds(index) * interval) }

  /// The same as values that outlive the bytes.
  package var samples: Samples {
    Samples(
      channel: channel, time: time, interval: interval, offsets: hasOffsets ? (0..<count).compactMap(offset) : [],
      deviceTime: deviceTime, values: numbers(values), raw: rawValues.map(numbers) ?? [],
      quality: hasQuality ? (0..<count).map(quality) : [])
  }

  /// Hub and worker run on one machine, so the numbers lie on the link as they do in memory.
  private func numbers(_ list: UnsafeRawPointer) -> [Double] {
    var numbers = [Double](repeating: 0, count: count)
    numbers.withUnsafeMutableBytes { $0.copyMemory(from: UnsafeRawBufferPointer(start: list, count: 8 * count)) }
    return numbers
  }

  private static func list(
    _ payload: UnsafeRawBufferPointer, at position: inout Int, elementBytes: Int
  ) throws(LinkError) -> (UnsafeRawPointer, Int) {
    guard let base = payload.baseAddress, payload.count - position >= 4 else { throw .badSize(kind: kind) }
    let count = Int(load(base, position, as: UInt32.self))
    position += 4
    guard count <= ReadingLimits.samples, count * elementBytes <= payload.count - position else {
      throw .badSize(kind: kind)
    }
    defer { position += count * elementBytes }
    return (base + position, count)
  }

  /// The bytes at an offset that was checked, whatever their alignment.
  @inline(__always) private static func load<Integer: FixedWidthInteger & BitwiseCopyable>(
    _ base: UnsafeRawPointer, _ offset: Int, as _: Integer.Type
  ) -> Integer { Integer(littleEndian: base.loadUnaligned(fromByteOffset: offset, as: Integer.self)) }
}
