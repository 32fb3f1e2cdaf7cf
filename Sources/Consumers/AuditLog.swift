internal import Dispatch
internal import Glibc
internal import Platform
package import Readings
package import StrictJSON
internal import Synchronization

/// Who gave which command, with what outcome: one JSON line each, in a file that is only ever added to.
///
/// What was refused stands in a file of its own beside it, and each user may fill so much of that a minute: whoever asks for
/// what it may not do must not push out who did what.
///
/// Written by a thread of its own, so that neither a slow nor a full disk holds up the stream. What waits for it is
/// bounded, for all and for each user; what cannot be recorded is refused before it is carried out.
package final class AuditLog: Sendable {
  /// What is to be recorded.
  package struct Entry: Sendable {
    /// Who asked.
    package var peer: Peer
    /// What it calls itself.
    package var client: String
    /// Which method.
    package var method: String
    /// Its parameters.
    package var parameters: JSONNode
    /// `given`, `done`, the word of an error, or a sentence of the instrument.
    package var outcome: String
    /// It was never given to the instrument.
    package var isRefusal: Bool
    /// When, on the wall clock.
    package var wallTime: Microseconds

    /// An entry.
    package init(
      peer: Peer, client: String, method: String, parameters: JSONNode, outcome: String, isRefusal: Bool = false,
      wallTime: Microseconds
    ) {
      self.peer = peer
      self.client = client
      self.method = method
      self.parameters = parameters
      self.outcome = outcome
      self.isRefusal = isRefusal
      self.wallTime = wallTime
    }
  }

  /// One of the two files.
  private enum Book: Sendable, CaseIterable { case given, refused }

  private struct Line {
    var bytes: [UInt8]
    var user: UInt32
    var book: Book
    /// Entries before it that are in no line.
    var passedOver: UInt64
    var recorded: @Sendable (Bool) -> Void
  }

  private struct State {
    var lines: [Line] = []
    var bytes = 0
    var bytesOfUser: [UInt32: Int] = [:]
    /// Entries of each file that were not taken or could not be written, since the last one that was taken.
    var passedOver: [Book: UInt64] = [:]
    /// Bytes of refusals of each user since the minute began.
    var refusedBytes: [UInt32: Int] = [:]
    var minuteBegan: Microseconds = 0
    var isWriting = false
  }

  /// Bytes that may wait to be written, for all and for one user.
  private static let mostBytes = 512 << 10
  private static let mostBytesOfUser = 128 << 10
  /// Bytes of the parameters of a refused request that are kept.
  private static let mostParameters = 1024
  /// When a file is this long, the next one begins; so many old ones are kept.
  private static let fileBytes = 8 << 20
  private static let oldFiles = 4
  /// The same of the file of refusals, and how much of it one user may fill in a minute.
  private static let refusedFileBytes = 1 << 20
  private static let oldRefusedFiles = 1
  private static let refusedBytesOfUser = 64 << 10
  private static let minute: Microseconds = 60_000_000

  private let queue = DispatchQueue(label: "thenar.audit")
  private let state = Mutex(State())
  private let path: String
  private let report: @Sendable (String) -> Void

  /// A log at a path; `report` is told in one sentence when a line could not be written.
  package init(path: String, report: @escaping @Sendable (String) -> Void) {
    self.path = path
    self.report = report
  }

  /// Records an entry; `recorded` is told, on a thread of the log's own, whether it is on disk. It is told at once when the
  /// log cannot take any more.
  package func record(_ entry: Entry, _ recorded: @escaping @Sendable (Bool) -> Void = { _ in }) {
    let wasTaken = state.withLock { state in
      let book: Book = entry.isRefusal ? .refused : .given
      let passedOver = state.passedOver[book] ?? 0
      var bytes = Self.line(entry, passedOver: passedOver, isWhole: true)
      if entry.outcome != "given", bytes.count > 4 * Self.mostParameters {
        bytes = Self.line(entry, passedOver: passedOver, isWhole: false)
      }
      let ofUser = state.bytesOfUser[entry.peer.user, default: 0]
      guard state.bytes + bytes.count <= Self.mostBytes, ofUser + bytes.count <= Self.mostBytesOfUser,
        !entry.isRefusal || Self.mayRefuse(entry, bytes.count, &state)
      else {
        state.passedOver[book] = passedOver + 1
        return false
      }
      state.bytes += bytes.count
      state.bytesOfUser[entry.peer.user] = ofUser + bytes.count
      state.lines.append(
        Line(bytes: bytes, user: entry.peer.user, book: book, passedOver: passedOver, recorded: recorded))
      state.passedOver[book] = nil
      if !state.isWriting {
        state.isWriting = true
        queue.async { self.writeAll() }
      }
      return true
    }
    if !wasTaken { recorded(false) }
  }

  /// A user fills up to so much of the file of refusals in a minute; what is more is only counted.
  private static func mayRefuse(_ entry: Entry, _ count: Int, _ state: inout State) -> Bool {
    // The clock on the wall may be set back, too.
    if abs(entry.wallTime - state.minuteBegan) >= minute {
      state.minuteBegan = entry.wallTime
      state.refusedBytes = [:]
    }
    let before = state.refusedBytes[entry.peer.user, default: 0]
    guard before + count <= refusedBytesOfUser else { return false }
    state.refusedBytes[entry.peer.user] = before + count
    return true
  }

  private static func line(_ entry: Entry, passedOver: UInt64, isWhole: Bool) -> [UInt8] {
    var writer = JSONWriter()
    writer.beginObject()
    writer.key("wall_us")
    writer.integer(entry.wallTime)
    writer.key("uid")
    writer.integer(entry.peer.user)
    writer.key("pid")
    writer.integer(entry.peer.process)
    writer.key("client")
    writer.string(entry.client)
    writer.key("method")
    writer.string(entry.method)
    writer.key("params")
    if isWhole { writer.node(entry.parameters) } else { writer.string("too long to be kept again or for a refusal") }
    writer.key("outcome")
    writer.string(entry.outcome)
    if passedOver > 0 {
      writer.key("passed_over")
      writer.integer(passedOver)
    }
    writer.endObject()
    writer.newLine()
    return writer.bytes
  }

  private func writeAll() {
    while true {
      let lines = state.withLock { state in
        defer { state.lines = [] }
        if state.lines.isEmpty { state.isWriting = false }
        return state.lines
      }
      if lines.isEmpty { return }
      for book in Book.allCases { write(lines.filter { $0.book == book }, to: book) }
    }
  }

  /// The same JSON, with everything escaped that could mislead whoever looks at the file on a screen: such characters
  /// stand only in strings.
  static func visible(_ line: [UInt8]) -> [UInt8] {
    if line.allSatisfy({ $0 < 0x7F }) { return line }
    var visible: [UInt8] = []
    visible.reserveCapacity(line.count + 64)
    for scalar in String(decoding: line, as: UTF8.self).unicodeScalars {
      if scalar.value < 0x7F || SafeText.isVisible(scalar) {
        visible.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
      } else {
        for unit in UTF16.encode(scalar) ?? UTF16.encodedReplacementCharacter {
          let digits = String(unit, radix: 16)
          visible.append(contentsOf: ("\\u" + String(repeating: "0", count: 4 - digits.count) + digits).utf8)
        }
      }
    }
    return visible
  }

  private func write(_ lines: [Line], to book: Book) {
    if lines.isEmpty { return }
    let path = book == .given ? self.path : self.path + ".refused"
    let failure = AuditFile.append(
      lines.flatMap { Self.visible($0.bytes) }, to: path,
      rotatingAt: book == .given ? Self.fileBytes : Self.refusedFileBytes,
      keeping: book == .given ? Self.oldFiles : Self.oldRefusedFiles)
    if let failure { report("The audit log \(path) could not be written: \(failure).") }
    state.withLock { state in
      for line in lines {
        state.bytes -= line.bytes.count
        state.bytesOfUser[line.user, default: 0] -= line.bytes.count
        if state.bytesOfUser[line.user] == 0 { state.bytesOfUser[line.user] = nil }
        if failure != nil { state.passedOver[book, default: 0] += line.passedOver + 1 }
      }
    }
    for line in lines { line.recorded(failure == nil) }
  }

  /// Waits until every line is written, but no longer than so many seconds: a disk that hangs does not hold up the end.
  package func finish(within seconds: Int = 2) {
    let done = DispatchSemaphore(value: 0)
    queue.async { done.signal() }
    _ = done.wait(timeout: .now() + .seconds(seconds))
  }
}
