import CPlatform
import Glibc
import Testing
import WorkerLink

/// The worker's program, which the build puts beside the tests.
private let program: String = {
  var path = [CChar](repeating: 0, count: 4096)
  let count = readlink("/proc/self/exe", &path, path.count - 1)
  let tests = String(decoding: path[..<max(0, count)].map(UInt8.init(bitPattern:)), as: UTF8.self)
  return tests.split(separator: "/").dropLast().map { "/" + $0 }.joined() + "/thenar-worker"
}()

/// A process that was started as a worker is. Every wait gives up after 60 s.
private final class ChildProcess {
  let process: Int32
  private let descriptor: Int32

  init(_ path: String, _ arguments: [String], control: Int32) throws {
    var lent: [UnsafeMutablePointer<CChar>?] = ([path] + arguments).map { $0.withCString { strdup($0) } } + [nil]
    defer { for text in lent { free(text) } }
    var none: [UnsafeMutablePointer<CChar>?] = [nil]
    var limits = thenar_limits(memory: 0, files: 0)
    var (process, descriptor): (Int32, Int32) = (-1, -1)
    try #require(thenar_spawn(path, &lent, &none, control, STDERR_FILENO, &limits, &process, &descriptor) == 0)
    (self.process, self.descriptor) = (process, descriptor)
  }

  /// The exit status when it has ended.
  func end() throws -> Int32 {
    var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    try #require(poll(&entry, 1, 60_000) == 1, "the process did not end within 60 s")
    var status: Int32 = 0
    waitpid(process, &status, 0)
    close(descriptor)
    return status
  }
}

@Suite struct WorkerProcessTests {
  /// A hub whose worker is a process of its own.
  private func start(_ path: String = program, _ arguments: [String]) throws -> (TestHub, ChildProcess) {
    let hub = try TestHub()
    let child = try ChildProcess(path, arguments, control: hub.workerEnd)
    close(hub.workerEnd)
    return (hub, child)
  }

  @Test func aModuleThatIsNotThereEndsItInGoodOrder() throws {
    let (hub, child) = try start(program, ["run", "--device", "grip", "--module", "a"])
    try hub.send(
      .setup(
        WorkerSetup(
          device: "grip", module: "a", moduleVersion: "1", library: "/nowhere/libA.so", address: .hid(node: "/nowhere"))
      ))
    let said = try hub.rest()
    #expect(said.first == .hello(version: linkVersion, process: child.process))
    guard case .closed(.refused, "module_unloadable", _) = said.last else {
      Issue.record("not refused: \(said)")
      return
    }
    #expect(try child.end() == 0)
  }

  @Test func itEndsWithItsLink() throws {
    let (hub, child) = try start(program, ["run"])
    #expect(try hub.next() == .hello(version: linkVersion, process: child.process))
    hub.hangUp()
    #expect(try child.end() == 0)
  }

  @Test func itIsKilledWhenItsParentDies() throws {
    // The test holds the link open, so that only the kernel's word can end the worker.
    let (hub, child) = try start("/bin/sh", ["-c", "\"\(program)\" run & wait"])
    guard case .hello = try hub.next() else {
      Issue.record("no hello")
      return
    }
    kill(child.process, SIGKILL)
    #expect(try child.end() == SIGKILL)
    #expect(try hub.next() == nil)
  }

  @Test(arguments: [[], ["run"], ["dance"], ["emulate"], ["emulate", "--at"]]) func aWrongUseIsStatus64(
    _ arguments: [String]
  ) throws {
    let nowhere = open("/dev/null", O_RDWR | O_CLOEXEC)
    defer { close(nowhere) }
    #expect(try ChildProcess(program, arguments, control: nowhere).end() == 64 << 8)
  }
}
