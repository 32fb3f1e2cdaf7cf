internal import Consumers
internal import Glibc
package import Hub
package import Supervision
internal import Synchronization
internal import Wire
internal import WorkerLink

/// A running hub whose workers are played by the test.
package final class TestStation {
  /// The hub.
  package let server: HubServer
  /// Where consumers connect.
  package let socketPath: String
  private let directory: String
  private let launches: Launches

  /// The other ends of the links that the hub opened, in order.
  private final class Launches: Sendable {
    private let ends = Mutex<[Int32]>([])
    private let ready = Signal()

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

  /// Starts a hub on a socket of its own; `change` sets what the test needs otherwise.
  package init(_ change: (inout HubOptions) -> Void = { _ in }) throws {
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
    options.consumerLimits.patience = 3_600_000_000
    change(&options)
    server = try HubServer(options)
  }

  deinit {
    server.stop()
    for file in ["/audit.log", "/audit.log.refused", "/run/consumer.sock.lock", "/run/consumer.sock"] {
      unlink(directory + file)
    }
    rmdir(directory + "/run")
    rmdir(directory)
  }

  /// Attaches a device and takes its worker's place: said hello, got its setup.
  package func attach(_ name: String, isDiscovered: Bool = true) -> TestWorker {
    server.attach(assignment(name, isDiscovered: isDiscovered))
    return nextWorker()
  }

  /// Unplugs a device, and its worker ends: so that the hub need not wait for it when it stops.
  package func unplug(_ name: String, _ worker: TestWorker) {
    server.detach(assignment(name).key)
    worker.hangUp()
  }

  /// A Go Direct instrument under this name.
  package func assignment(_ name: String, isDiscovered: Bool = true) -> DeviceAssignment {
    DeviceAssignment(
      name: name, key: DeviceIdentityKey(kind: "usb-serial", value: name),
      setup: WorkerSetup(
        device: name, module: "go-direct", moduleVersion: "0.1.0", library: "/x.so", address: .hid(node: "/dev/hidraw9")
      ),
      isDiscovered: isDiscovered)
  }

  /// The worker that the hub starts next, or has started: said hello.
  package func nextWorker() -> TestWorker {
    let worker = launches.next()
    worker.send(.hello(version: linkVersion, process: 0))
    return worker
  }

  /// A consumer of this hub.
  package func connect() -> TestConsumer { TestConsumer(path: socketPath) }

  /// What the audit log holds.
  package var auditLog: String { contents("audit.log") }
  /// What the audit log's file of refusals holds.
  package var refusals: String { contents("audit.log.refused") }

  private func contents(_ name: String) -> String {
    guard let file = fopen("\(directory)/\(name)", "r") else { return "" }
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 65_536)
    return String(decoding: bytes[..<fread(&bytes, 1, bytes.count, file)], as: UTF8.self)
  }
}
