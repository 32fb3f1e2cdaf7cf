import DriverTestKit
import Readings
import Testing
import WorkerLink

private let setup = WorkerSetup(
  device: "grip-7f3a", module: "go-direct", moduleVersion: "0.1.0", library: "/lib/libGoDirect.so",
  address: .hid(node: "/dev/hidraw3"), line: SerialLine(baud: 1200, parity: .even, dtr: false), usbVendor: 0x08F7,
  usbProduct: 0x10, serial: "7F3A", settings: "{\"period_ms\":10}", reportDescriptor: [6, 0, 255])

private let hubMessages: [HubMessage] = [
  .setup(setup), .stop, .ping(7), .command(number: 9, name: "zero", arguments: "{}"),
]

private let workerMessages: [WorkerMessage] = [
  .hello(version: linkVersion, process: 42), .pong(7),
  .channel(Channel(number: 1, name: "force", quantity: "force", unit: "N", rawUnit: "kgf", maximum: 850)),
  .identity(Identity(vendor: "Vernier", model: "GDX-HD", batteryPercent: 87)), .ready,
  .samples(
    Samples(channel: 1, time: 5, interval: 10, deviceTime: 3, values: [1, 2], raw: [3, 4], quality: [[], .inMotion])),
  .samples(Samples(channel: 1, time: 5, offsets: [0, 7], values: [1, 2])),
  .event(
    Event(
      "peg.inserted", at: 8, deviceTime: 9, uncertainty: 4, quality: .inferred,
      fields: [("hole", .integer(4)), ("x", .number(0.5)), ("side", .text("left")), ("on", .flag(true))], raw: "I,9,4")),
  .lost(Loss(channel: 1, count: 3, reason: "device_dropped")), .tally(counter: "checksum_errors", amount: 2),
  .fault(.note, code: "low_battery", sentence: "Charge it."), .outcome(command: 9, error: ""),
  .closed(.busy, code: "port_held", sentence: "Another program holds the port."),
]

private func frames(_ messages: [WorkerMessage]) -> [UInt8] {
  var writer = ByteWriter()
  for message in messages { message.write(to: &writer) }
  return writer.bytes
}

@Suite struct WorkerLinkTests {
  @Test func messagesComeOutAsTheyWentIn() throws {
    var writer = ByteWriter()
    for message in hubMessages { message.write(to: &writer) }
    var buffer = FrameBuffer()
    buffer.append(writer.bytes)
    var back: [HubMessage] = []
    while let frame = try buffer.next() { back.append(try HubMessage(kind: frame.kind, payload: frame.payload)) }
    #expect(back == hubMessages)
  }

  @Test(arguments: [1, 2, 3, 7, 1000]) func cutAnywhereTheyAreTheSame(_ piece: Int) throws {
    let bytes = frames(workerMessages)
    var buffer = FrameBuffer()
    var back: [WorkerMessage] = []
    for start in stride(from: 0, to: bytes.count, by: piece) {
      buffer.append(bytes[start..<min(start + piece, bytes.count)])
      while let frame = try buffer.next() { back.append(try WorkerMessage(kind: frame.kind, payload: frame.payload)) }
    }
    #expect(back == workerMessages)
  }

  @Test(arguments: [
    (WorkerMessage.samples(Samples(channel: 1, time: 5, values: [])), "no samples"),
    (.samples(Samples(channel: 1, time: 5, values: [1, 2], raw: [1])), "raw is shorter"),
    (.samples(Samples(channel: 1, time: 5, offsets: [4, 3], values: [1, 2])), "time runs backwards"),
    (.samples(Samples(channel: 1, time: 5, interval: -1, values: [1])), "negative interval"),
    (.channel(Channel(number: 64, name: "a", quantity: "b", unit: "c")), "channel number past 63"),
    (.channel(Channel(number: 1, name: "with space", quantity: "b", unit: "c")), "a name with a space"),
    (.event(Event("", at: 1)), "no name"),
    (.event(Event("a.b", at: 1, fields: [("x", .integer(1 << 54))])), "past 2^53"),
    (.event(Event("a.b", at: 1, fields: [("x", .number(.nan))])), "not a number"),
    (.event(Event("a.b", at: 1, fields: [("x", .flag(true)), ("x", .flag(true))])), "twice"),
    (.tally(counter: "two words", amount: 1), "not one word"),
  ])
  func whatNoHonestDriverSaysIsRefused(_ message: WorkerMessage, _ why: String) throws {
    var buffer = FrameBuffer()
    buffer.append(frames([message]))
    let frame = try #require(try buffer.next())
    #expect(throws: LinkError.self, "\(why)") { try WorkerMessage(kind: frame.kind, payload: frame.payload) }
  }

  @Test func aFrameOfImpossibleLengthIsRefused() {
    for length: [UInt8] in [[0, 0, 0, 0, 1], [0, 0, 0, 1, 1], [255, 255, 255, 255, 1]] {
      var buffer = FrameBuffer()
      buffer.append(length + [0])
      #expect(throws: LinkError.self) { try buffer.next() }
    }
  }

  @Test func damagedFramesNeverTrap() {
    var input = RandomInput(seeds: workerMessages.map { frames([$0]) })
    for _ in 0..<20_000 {
      var buffer = FrameBuffer()
      buffer.append(input.next())
      while let frame = try? buffer.next() { _ = try? WorkerMessage(kind: frame.kind, payload: frame.payload) }
    }
  }

  /// A row of samples of every shape, and damage to them: both readers must agree about each.
  @Test func samplesReadInPlaceAreThoseOfTheMessage() {
    var random = RepeatableRandom(seed: 7)
    let shapes: [Samples] = (0..<64).map { shape in
      let count = [1, 2, 3, 17][shape % 4]
      let offsets = shape & 8 == 0 ? [] : (0..<count).map { Microseconds($0) * 70 }
      return Samples(
        channel: UInt32(shape), time: Microseconds(shape) - 5, interval: 10, offsets: offsets,
        deviceTime: shape & 4 == 0 ? nil : 3, values: (0..<count).map { Double($0) + 0.5 },
        raw: shape & 16 == 0 ? [] : (0..<count).map { -Double($0) },
        quality: shape & 32 == 0
          ? [] : (0..<count).map { _ in Quality(rawValue: UInt32.random(in: 0...1023, using: &random)) })
    }
    var input = RandomInput(seeds: shapes.map { Array(frames([.samples($0)]).dropFirst(5)) })
    var (accepted, refused) = (0, 0)
    for round in 0..<50_000 {
      let payload = round < shapes.count ? Array(frames([.samples(shapes[round])]).dropFirst(5)) : input.next()
      let message = try? WorkerMessage(kind: WorkerMessage.samplesKind, payload: payload[...])
      let inPlace = payload.withUnsafeBytes { bytes in
        (try? SamplesFrame(bytes)).map { WorkerMessage.samples($0.samples) }
      }
      // As bytes, because a value that is not a number equals nothing.
      #expect(message.map { frames([$0]) } == inPlace.map { frames([$0]) })
      if message == nil { refused += 1 } else { accepted += 1 }
    }
    #expect(accepted > 5000 && refused > 5000)
  }

  @Test func samplesStraightFromADriverAreThoseOfTheMessage() {
    let samples = Samples(
      channel: 3, time: 5, offsets: [0, 7], deviceTime: 3, values: [1, .nan], raw: [3, 4], quality: [[], .noData])
    var writer = ByteWriter()
    samples.values.withUnsafeBufferPointer { values in
      samples.raw.withUnsafeBufferPointer { raw in
        samples.offsets.withUnsafeBufferPointer { offsets in
          samples.quality.map(\.rawValue).withUnsafeBufferPointer { quality in
            writer.samples(
              channel: 3, time: 5, interval: 0, deviceTime: 3, values: values, raw: raw, quality: quality,
              offsets: offsets)
          }
        }
      }
    }
    #expect(writer.bytes == frames([.samples(samples)]))
  }

  @Test func aLargeFrameLeavesNoLargeBuffer() throws {
    var buffer = FrameBuffer()
    let large = frames([
      .samples(
        Samples(
          channel: 1, time: 5, values: [Double](repeating: 1, count: 4096), raw: [Double](repeating: 1, count: 4096)))
    ])
    buffer.append(Array(large.dropLast()))
    #expect(try buffer.next() == nil)
    #expect(buffer.partialBytes == large.count - 1)
    buffer.append(Array(large.suffix(1)))
    #expect(try buffer.next()?.kind == WorkerMessage.samplesKind)
    #expect(try buffer.next() == nil)
    #expect(buffer.partialBytes == 0 && buffer.capacity <= 65_536)
  }
}
