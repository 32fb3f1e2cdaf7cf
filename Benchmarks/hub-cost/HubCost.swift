internal import CAllocationCount
internal import Consumers
internal import Glibc
internal import Hub
internal import Platform
internal import Readings
internal import Supervision
internal import Synchronization
internal import Wire
internal import WorkerLink

/// Drives a hub in this process: one worker that is played here, so many consumers, so many records, one record a turn of
/// the hub's loop (`paced`) or as many as fit (`burst`). Prints what was allocated for each record; under callgrind, which
/// counts only the hub's thread (`Benchmarks/cost`), it tells the instructions.
@main struct HubCost {
  static func main() throws {
    let arguments = CommandLine.arguments
    guard arguments.count == 4, let consumers = Int(arguments[2]), let records = Int(arguments[3]) else {
      print("usage: hub-cost paced|burst CONSUMERS RECORDS")
      exit(64)
    }
    let bench = try Bench(consumers: consumers)
    // What happens once, at the first records, is not counted.
    bench.run(records: 200, isPaced: true)
    let (calls, bytes) = (allocation_count(), allocation_bytes())
    bench.run(records: records, isPaced: arguments[1] == "paced")
    let (moreCalls, moreBytes) = (allocation_count() - calls, allocation_bytes() - bytes)
    print(
      "\(arguments[1]) consumers \(consumers) records \(records) mallocs \(Double(moreCalls) / Double(records))",
      "bytes \(Double(moreBytes) / Double(records))")
    bench.stop()
  }
}

/// A hub, its worker and its consumers.
private final class Bench {
  private let server: HubServer
  private let directory: String
  private let link: Int32
  private var sockets: [Int32] = []
  private var received: [Int] = []
  private var places: [Place] = []
  private var sent = 0
  private var writer = ByteWriter()
  private var buffer = [UInt8](repeating: 0, count: 1 << 16)

  init(consumers: Int) throws {
    var template = Array("/tmp/thenar-cost-XXXXXX".utf8CString)
    directory = String(cString: mkdtemp(&template))
    var pair: [Int32] = [0, 0]
    guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &pair) == 0 else { exit(70) }
    link = pair[1]
    let hubsEnd = pair[0]
    var options = HubOptions(
      build: "cost", socketPath: directory + "/s", roles: Roles(owner: getuid()),
      launch: { _ in WorkerProcess(descriptor: hubsEnd, process: 0) }, log: { _ in })
    options.driverPatience = 1 << 50
    options.deviceLimits.records = 1e12
    options.deviceLimits.samples = 1e12
    options.deviceLimits.bytes = 1e12
    options.deviceLimits.burstBytes = 1e12
    server = try HubServer(options)
    server.attach(
      DeviceAssignment(
        name: "bench", key: DeviceIdentityKey(kind: "path", value: "bench"),
        setup: WorkerSetup(
          device: "bench", module: "line-profile", moduleVersion: "0.1.0", library: "/x", address: .terminal(path: "/x")
        ),
        isDiscovered: false))
    post([
      .hello(version: linkVersion, process: 0),
      .channel(Channel(number: 0, name: "force", quantity: "force", unit: "N", rawUnit: "kgf", usualInterval: 1000)),
      .ready,
    ])
    for _ in 0..<consumers { sockets.append(connect()) }
    received = [Int](repeating: 0, count: consumers)
    places = [Place](repeating: Place(), count: consumers)
  }

  func stop() {
    server.stop()
    unlink(directory + "/s.lock")
    rmdir(directory)
  }

  private func connect() -> Int32 {
    let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    UnixAddress(path: directory + "/s")?.withAddress { address, size in _ = Glibc.connect(descriptor, address, size) }
    let request = Array(
      (#"{"jsonrpc":"2.0","id":1,"method":"subscribe","params":{"snapshot":false}}"# + "\n").utf8)
    _ = request.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
    // The answer says that its records begin now.
    var text = ""
    while !text.contains("\"id\":1") {
      let count = read(descriptor, &buffer, buffer.count)
      if count <= 0 { exit(70) }
      text += String(decoding: buffer[..<count], as: UTF8.self)
    }
    return descriptor
  }

  private func post(_ messages: [WorkerMessage]) {
    writer.clear()
    for message in messages { message.write(to: &writer) }
    var rest = writer.bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { write(link, $0.baseAddress, $0.count) }
      if count <= 0 { exit(70) }
      rest = rest.dropFirst(count)
    }
  }

  /// Samples whose instrument's time goes unlike the station's: each is a record of its own, as samples that do not wait
  /// together are.
  private func sample(_ number: Int) -> WorkerMessage {
    let value = Double(number % 4000) / 10
    return .samples(
      Samples(
        channel: 0, time: SystemClock.boot(), deviceTime: Int64(number) * 1000 + Int64(number % 7), values: [value],
        raw: [Double(Int(value / 9.80665 * 1000)) / 1000]))
  }

  func run(records: Int, isPaced: Bool) {
    let target = sent + records
    while sent < target {
      let count = isPaced ? 1 : min(64, target - sent)
      post((sent..<sent + count).map(sample))
      sent += count
      for index in sockets.indices { take(index) }
    }
  }

  /// Reads until a consumer has as many measurements as were sent.
  private func take(_ index: Int) {
    while received[index] < sent {
      let count = read(sockets[index], &buffer, buffer.count)
      if count <= 0 { exit(70) }
      received[index] += measurements(in: count, &places[index])
    }
  }

  /// Where a consumer is in its line, and whether that is a measurement.
  private struct Place {
    var column = 0
    var isMeasurement = false
  }

  /// Whole lines of measurements, told by the first letter of their method.
  private func measurements(in count: Int, _ place: inout Place) -> Int {
    var found = 0
    for byte in buffer[..<count] {
      if byte == 0x0A {
        if place.isMeasurement { found += 1 }
        place = Place()
      } else {
        if place.column == 27 { place.isMeasurement = byte == UInt8(ascii: "m") }
        place.column += 1
      }
    }
    return found
  }
}
