import Glibc
import Hub
import StrictJSON
import Synchronization
import WorkerLink

/// A running hub whose workers are played by the test.
final class TestStation {
  let server: HubServer
  let socketPath: String
  private let directory: String
  private let launches: Launches

  /// The other ends of the links that the hub opened, in order.
  final class Launches: Sendable {
    private let ends = Mutex<[Int32]>([])
    private let ready = LaunchSignal()

    func launch() -> WorkerProcess {
      var pair: [Int32] = [0, 0]
      precondition(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &pair) == 0)
      ends.withLock { $0.append(pair[1]) }
      ready.raise()
      return WorkerProcess(descriptor: pair[0], process: 0)
    }

    func next() -> TestWorker {
      ready.wait()
      return TestWorker(descriptor: ends.withLock { $0.removeFirst() })
    }
  }

  init(_ change: (inout HubOptions) -> Void = { _ in }) throws {
    var template = Array("/tmp/thenar-test-XXXXXX".utf8CString)
    directory = String(cString: mkdtemp(&template))
    socketPath = directory + "/run/consumer.sock"
    let launches = Launches()
    self.launches = launches
    var options = HubOptions(
      build: "test", socketPath: socketPath, roles: Roles(owner: getuid()), launch: { _ in launches.launch() },
      log: { _ in })
    options.auditPath = directory + "/audit.log"
    // The workers of these tests answer pings only while they are asked for messages.
    options.driverPatience = 3_600_000_000
    options.consumerPatience = 3_600_000_000
    change(&options)
    server = try HubServer(options)
  }

  deinit {
    server.stop()
    for file in ["/audit.log", "/run/consumer.sock.lock", "/run/consumer.sock"] { unlink(directory + file) }
    rmdir(directory + "/run")
    rmdir(directory)
  }

  /// Attaches a device and takes its worker's place: said hello, got its setup.
  func attach(_ name: String, isDiscovered: Bool = true) -> TestWorker {
    server.attach(assignment(name, isDiscovered: isDiscovered))
    return nextWorker()
  }

  func assignment(_ name: String, isDiscovered: Bool = true) -> DeviceAssignment {
    DeviceAssignment(
      name: name, key: DeviceIdentityKey(kind: "usb-serial", value: name),
      setup: WorkerSetup(
        device: name, module: "go-direct", moduleVersion: "0.1.0", library: "/x.so", address: .hid(node: "/dev/hidraw9")
      ),
      isDiscovered: isDiscovered)
  }

  func nextWorker() -> TestWorker {
    let worker = launches.next()
    worker.send(.hello(version: linkVersion, process: 0))
    return worker
  }

  func connect() -> TestConsumer { TestConsumer(path: socketPath) }

  var auditLog: String {
    guard let file = fopen(directory + "/audit.log", "r") else { return "" }
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 65_536)
    return String(decoding: bytes[..<fread(&bytes, 1, bytes.count, file)], as: UTF8.self)
  }
}

/// Counts up and waits, without sleeping.
final class LaunchSignal: Sendable {
  // Both ends are made here and never changed; reading and writing a pipe is safe from any thread.
  private let readEnd: Int32
  private let writeEnd: Int32

  init() {
    var ends: [Int32] = [0, 0]
    pipe(&ends)
    (readEnd, writeEnd) = (ends[0], ends[1])
  }

  deinit {
    close(readEnd)
    close(writeEnd)
  }

  func raise() {
    var byte: UInt8 = 1
    write(writeEnd, &byte, 1)
  }

  func wait() {
    var byte: UInt8 = 0
    read(readEnd, &byte, 1)
  }
}

/// The worker's end of a link, in the hands of the test.
final class TestWorker: Sendable {
  private let descriptor: Int32

  init(descriptor: Int32) { self.descriptor = descriptor }
  deinit { Glibc.close(descriptor) }

  func send(_ messages: WorkerMessage...) { send(messages) }

  func send(_ messages: [WorkerMessage]) {
    var writer = ByteWriter()
    for message in messages { message.write(to: &writer) }
    sendRaw(writer.bytes)
  }

  func sendRaw(_ bytes: [UInt8]) {
    var sent = 0
    while sent < bytes.count {
      let count = bytes[sent...].withUnsafeBytes {
        Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      if count <= 0 { return }
      sent += count
    }
  }

  /// The next message that is no ping; `nil` when the hub closed the link.
  func next() -> HubMessage? {
    while true {
      guard let header = read(5) else { return nil }
      let length = header[0..<4].reversed().reduce(0) { $0 << 8 | Int($1) }
      guard let payload = read(length - 1) else { return nil }
      guard let message = try? HubMessage(kind: header[4], payload: payload[...]) else { return nil }
      if case .ping(let number) = message {
        send(.pong(number))
      } else {
        return message
      }
    }
  }

  private func read(_ count: Int) -> [UInt8]? {
    var bytes = [UInt8](repeating: 0, count: count)
    var done = 0
    while done < count {
      let got = bytes[done...].withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress, $0.count) }
      if got <= 0 { return nil }
      done += got
    }
    return bytes
  }

  func hangUp() { shutdown(descriptor, Int32(SHUT_RDWR)) }

  /// Declares the force channel and says that the instrument answers.
  func becomeReady(interval: Int64 = 10_000) {
    send(
      .channel(LinkChannel(number: 1, name: "force", quantity: "force", unit: "N", interval: interval)),
      .identity(LinkIdentity(vendor: "Vernier", model: "GDX-HD", serial: "1")), .ready)
  }

  func sample(_ value: Double) { send(.samples(LinkSamples(channel: 1, time: Clocks.boot(), values: [value]))) }
}

/// A consumer that blocks.
final class TestConsumer {
  private let descriptor: Int32
  private var buffer: [UInt8] = []
  private var start = 0

  init(path: String) {
    descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
    let result = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    precondition(result == 0, "connect \(path): \(errno)")
  }

  deinit { close(descriptor) }

  func send(_ text: String) { sendRaw(Array((text + "\n").utf8)) }

  @discardableResult func sendRaw(_ bytes: [UInt8]) -> Bool {
    var sent = 0
    while sent < bytes.count {
      let count = bytes[sent...].withUnsafeBytes {
        Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      if count <= 0 { return false }
      sent += count
    }
    return true
  }

  func endSending() { shutdown(descriptor, Int32(SHUT_WR)) }

  /// The next line without its newline; `nil` at the end.
  func nextLine() -> [UInt8]? {
    while true {
      // memchr: a search of ours would take most of the time of a debug build.
      let end: Int? = buffer.withUnsafeBytes { bytes in
        guard let base = bytes.baseAddress, start < bytes.count,
          let found = memchr(base + start, 0x0A, bytes.count - start)
        else { return nil }
        return UnsafeRawPointer(found) - base
      }
      if let end {
        defer { start = end + 1 }
        return Array(buffer[start..<end])
      }
      buffer.removeFirst(start)
      start = 0
      var chunk = [UInt8](repeating: 0, count: 65_536)
      let count = read(descriptor, &chunk, chunk.count)
      if count <= 0 { return nil }
      buffer.append(contentsOf: chunk[..<count])
    }
  }

  /// The next message; `nil` at the end.
  func next() -> JSONNode? {
    nextLine().flatMap { try? JSONNode(parsing: $0, limits: JSONLimits(depth: 32, bytes: 1 << 20, comments: false)) }
  }

  /// The next message that fits; everything before it is passed over.
  func next(where fits: (JSONNode) -> Bool) -> JSONNode? {
    while let message = next() {
      if fits(message) { return message }
    }
    return nil
  }

  func next(_ method: String) -> JSONNode? { next { $0["method"]?.string == method }?["params"] }

  /// Sends a request and gives its whole reply.
  func ask(_ method: String, _ parameters: String = "{}", id: Int = 1) -> JSONNode? {
    send(#"{"jsonrpc":"2.0","id":\#(id),"method":"\#(method)","params":\#(parameters)}"#)
    return next { $0["id"]?.integer == Int64(id) }
  }
}
