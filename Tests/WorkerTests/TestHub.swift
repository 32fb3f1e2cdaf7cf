import CThenarDriver
import DeviceIO
import DriverKit
import Foundation
import Testing
import Worker
import WorkerLink

/// The hub's end of a link. Its reads give up after 60 s.
final class TestHub {
  private(set) var descriptor: Int32
  /// The other end, for a worker.
  let workerEnd: Int32
  private var incoming = FrameBuffer()

  init() throws {
    var pair: [Int32] = [-1, -1]
    try #require(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0, &pair) == 0)
    (descriptor, workerEnd) = (pair[0], pair[1])
    var patience = timeval(tv_sec: 60, tv_usec: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
  }

  deinit { hangUp() }

  func hangUp() {
    if descriptor >= 0 { close(descriptor) }
    descriptor = -1
  }

  func send(_ messages: HubMessage...) throws {
    var writer = ByteWriter()
    for message in messages { message.write(to: &writer) }
    try send(writer.bytes)
  }

  func send(_ bytes: [UInt8]) throws {
    try #require(Glibc.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count)
  }

  /// The next message; `nil` when the worker is gone.
  func next() throws -> WorkerMessage? {
    while true {
      if let frame = try incoming.next() { return try WorkerMessage(kind: frame.kind, payload: frame.payload) }
      var buffer = [UInt8](repeating: 0, count: 65_536)
      let count = recv(descriptor, &buffer, buffer.count, 0)
      try #require(count >= 0, "the worker said nothing for 60 s")
      if count == 0 { return nil }
      incoming.append(buffer[..<count])
    }
  }

  /// Reads until `wanted` comes, and gives back everything with it.
  @discardableResult
  func messages(until wanted: WorkerMessage) throws -> [WorkerMessage] {
    var all: [WorkerMessage] = []
    while let message = try next() {
      all.append(message)
      if message == wanted { return all }
    }
    Issue.record("\(wanted) never came")
    return all
  }

  /// Reads to the end.
  func rest() throws -> [WorkerMessage] {
    var all: [WorkerMessage] = []
    while let message = try next() { all.append(message) }
    return all
  }
}

extension WorkerMessage {
  /// Without what differs from run to run: the process and the times.
  var timeless: WorkerMessage {
    switch self {
    case .hello(let version, _): .hello(version: version, process: 0)
    case .samples(var samples):
      .samples(
        {
          samples.time = 0
          return samples
        }())
    default: self
    }
  }
}

extension TestHub {
  /// Runs a worker with the probe driver, in a thread, against `address`. `change` is a chance to spoil the table.
  func runWorker(
    _ address: TransportAddress, settings: String = "{}", version: UInt16 = linkVersion,
    change: (inout thenar_driver) -> Void = { _ in }
  ) throws {
    startLoop(change: change)
    var setup = WorkerSetup(
      device: "probe-1", module: "probe-driver", moduleVersion: "1.0.0", library: "libProbe.so", address: address,
      settings: settings)
    setup.version = version
    try send(.setup(setup))
  }

  /// Runs the loop in a thread, which closes the worker's end when it is done.
  func startLoop(change: (inout thenar_driver) -> Void = { _ in }) {
    let table = UnsafeMutablePointer<thenar_driver>.allocate(capacity: 1)
    table.initialize(to: probeModule.table.pointee)
    change(&table.pointee)
    let lent = Lent(table: table)
    let link = workerEnd
    Thread.detachNewThread {
      WorkerLoop(link: link) { setup throws(ModuleFailure) in
        try checkTable(lent.table, library: setup.library, id: setup.module, version: setup.moduleVersion)
      }.run()
      close(link)
      lent.table.deallocate()
    }
  }

  /// The loop's thread is the only one that uses the table.
  private struct Lent: @unchecked Sendable {
    let table: UnsafeMutablePointer<thenar_driver>
  }
}
