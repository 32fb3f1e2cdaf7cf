import CProcess
import Foundation
import Glibc

/// How long anything that must happen may take before a test gives up. So generous that only a fault uses it up.
let patience: TimeInterval = 60

/// What did not happen, and what was seen instead.
struct DidNotHappen: Error, CustomStringConvertible {
  let description: String
}

/// How a program ended.
enum Ending: Equatable {
  case status(Int32)
  case signal(Int32)

  init(_ wait: Int32) { self = wait & 0x7F == 0 ? .status(wait >> 8 & 0xFF) : .signal(wait & 0x7F) }
}

/// A program in a process of its own. What it writes is collected at once, so that it never has to wait for the test.
///
/// `@unchecked`: what changes is touched only while `condition` is held.
final class Program: @unchecked Sendable {
  /// Its process.
  let process: Int32
  private let name: String
  private let condition = NSCondition()
  /// What came on standard output and on standard error.
  private var said: [[UInt8]] = [[], []]
  private var openStreams = 2
  private var ending: Ending?
  private var input: Int32

  /// Starts it.
  init(_ path: String, _ arguments: [String], environment: [String: String] = [:]) throws {
    name = ([path.split(separator: "/").last.map(String.init) ?? path] + arguments.prefix(3)).joined(separator: " ")
    var (toIt, output, errors): ([Int32], [Int32], [Int32]) = ([-1, -1], [-1, -1], [-1, -1])
    guard test_pipe(&toIt) == 0, test_pipe(&output) == 0, test_pipe(&errors) == 0 else {
      throw DidNotHappen(description: "No pipe could be made.")
    }
    Self.ignoreBrokenPipes
    let variables = ProcessInfo.processInfo.environment.merging(environment) { $1 }
      // A hub of the developer's own has nothing to do with the tests.
      .filter { $0.key != "THENAR_SOCKET" }
    var argv: [UnsafeMutablePointer<CChar>?] = ([path] + arguments).map { strdup($0) } + [nil]
    var envp: [UnsafeMutablePointer<CChar>?] = variables.map { strdup("\($0)=\($1)") } + [nil]
    var process: Int32 = -1
    let error = test_spawn(path, &argv, &envp, toIt[0], output[1], errors[1], &process)
    for text in argv + envp { free(text) }
    for end in [toIt[0], output[1], errors[1]] { close(end) }
    guard error == 0 else {
      for end in [toIt[1], output[0], errors[0]] { close(end) }
      throw DidNotHappen(description: "\(path) could not be started: \(String(cString: strerror(error))).")
    }
    self.process = process
    input = toIt[1]
    collect(output[0], 0)
    collect(errors[0], 1)
    Thread.detachNewThread { [self] in awaitEnd() }
  }

  private func awaitEnd() {
    test_wait_for_end(process)
    condition.withLock {
      var status: Int32 = 0
      waitpid(process, &status, 0)
      ending = Ending(status)
      condition.broadcast()
    }
  }

  /// A program that ended does not read what it is told.
  private static let ignoreBrokenPipes: Void = { _ = Glibc.signal(SIGPIPE, SIG_IGN) }()

  private func collect(_ descriptor: Int32, _ stream: Int) {
    Thread.detachNewThread { [self] in
      var chunk = [UInt8](repeating: 0, count: 65_536)
      while true {
        let count = read(descriptor, &chunk, chunk.count)
        if count < 0, errno == EINTR { continue }
        condition.withLock {
          if count > 0 { said[stream] += chunk[..<count] } else { openStreams -= 1 }
          condition.broadcast()
        }
        if count <= 0 { break }
      }
      close(descriptor)
    }
  }

  // MARK: What it says

  /// What it wrote to standard output so far.
  var output: String { condition.withLock { String(decoding: said[0], as: UTF8.self) } }
  /// What it wrote to standard error so far.
  var errors: String { condition.withLock { String(decoding: said[1], as: UTF8.self) } }
  /// It and everything that it started are over, as far as they held its standard streams.
  var isOver: Bool { condition.withLock { ending != nil && openStreams == 0 } }

  /// Waits until it has said something on either stream.
  func waitUntilItSays(_ text: String) throws {
    try wait("that \(name) says \"\(text)\"", orEnd: true) {
      String(decoding: said[0], as: UTF8.self).contains(text)
        || String(decoding: said[1], as: UTF8.self).contains(text)
    }
  }

  /// Waits until it is over, and with it everything that it started and that holds its standard streams.
  func end() throws -> Ending {
    try wait("the end of \(name) and all that it started") { ending != nil && openStreams == 0 }
    return condition.withLock { ending } ?? .status(-1)
  }

  private func wait(_ what: String, orEnd: Bool = false, until happened: () -> Bool) throws {
    let deadline = Date(timeIntervalSinceNow: patience)
    condition.lock()
    defer { condition.unlock() }
    while !happened() {
      let isInTime = condition.wait(until: deadline)
      if (orEnd && ending != nil && openStreams == 0 && !happened()) || !isInTime {
        throw DidNotHappen(
          description: "Waited in vain for \(what). Ended: \(ending.map { "\($0)" } ?? "no"). It said: "
            + String(decoding: said[0].suffix(2000) + said[1].suffix(4000), as: UTF8.self))
      }
    }
  }

  // MARK: What it is told

  /// Writes a line to its standard input.
  func tell(_ line: String) {
    let bytes = Array((line + "\n").utf8)
    condition.withLock { _ = Glibc.write(input, bytes, bytes.count) }
  }

  /// Ends its standard input.
  func endInput() {
    condition.withLock {
      if input >= 0 { close(input) }
      input = -1
    }
  }

  /// Sends a signal, unless it has ended.
  func signal(_ number: Int32) { condition.withLock { if ending == nil { kill(process, number) } } }

  /// Ends it and its whole process group.
  func destroy() {
    condition.withLock { if ending == nil { kill(-process, SIGKILL) } }
    endInput()
  }

  /// Runs a program to its end.
  static func run(
    _ path: String, _ arguments: [String], input: [String] = [], environment: [String: String] = [:]
  ) throws -> (ending: Ending, output: String, errors: String) {
    let program = try Program(path, arguments, environment: environment)
    defer { program.destroy() }
    for line in input { program.tell(line) }
    program.endInput()
    return (try program.end(), program.output, program.errors)
  }
}
