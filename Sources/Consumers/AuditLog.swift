internal import Dispatch
internal import Glibc
package import Readings
package import StrictJSON
internal import Synchronization

/// Who gave which command, with what outcome: one JSON line each, in a file that is only ever added to.
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
    /// When, on the wall clock.
    package var wallTime: Microseconds

    /// An entry.
    package init(
      peer: Peer, client: String, method: String, parameters: JSONNode, outcome: String, wallTime: Microseconds
    ) {
      self.peer = peer
      self.client = client
      self.method = method
      self.parameters = parameters
      self.outcome = outcome
      self.wallTime = wallTime
    }
  }

  private struct Line {
    var bytes: [UInt8]
    var user: UInt32
    /// Entries before it that are in no line.
    var passedOver: UInt64
    var recorded: @Sendable (Bool) -> Void
  }

  private struct State {
    var lines: [Line] = []
    var bytes = 0
    var bytesOfUser: [UInt32: Int] = [:]
    /// Entries that were not taken or could not be written, since the last one that was taken.
    var passedOver: UInt64 = 0
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
    var wasTaken = false
    state.withLock { state in
      var bytes = Self.line(entry, passedOver: state.passedOver, isWhole: true)
      if entry.outcome != "given", bytes.count > 4 * Self.mostParameters {
        bytes = Self.line(entry, passedOver: state.passedOver, isWhole: false)
      }
      let ofUser = state.bytesOfUser[entry.peer.user, default: 0]
      guard state.bytes + bytes.count <= Self.mostBytes, ofUser + bytes.count <= Self.mostBytesOfUser else {
        state.passedOver += 1
        return
      }
      state.bytes += bytes.count
      state.bytesOfUser[entry.peer.user] = ofUser + bytes.count
      state.lines.append(
        Line(bytes: bytes, user: entry.peer.user, passedOver: state.passedOver, recorded: recorded))
      state.passedOver = 0
      wasTaken = true
      if !state.isWriting {
        state.isWriting = true
        queue.async { self.writeAll() }
      }
    }
    if !wasTaken { recorded(false) }
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
    if isWhole { writer.node(entry.parameters) } else { writer.string("too long to be kept for a refused request") }
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
      let failure = AuditFile.append(
        lines.flatMap(\.bytes), to: path, rotatingAt: Self.fileBytes, keeping: Self.oldFiles)
      if let failure { report("The audit log \(path) could not be written: \(failure).") }
      state.withLock { state in
        for line in lines {
          state.bytes -= line.bytes.count
          state.bytesOfUser[line.user, default: 0] -= line.bytes.count
          if state.bytesOfUser[line.user] == 0 { state.bytesOfUser[line.user] = nil }
          if failure != nil { state.passedOver += line.passedOver + 1 }
        }
      }
      for line in lines { line.recorded(failure == nil) }
    }
  }

  /// Waits until every line is written, but no longer than so many seconds: a disk that hangs does not hold up the end.
  package func finish(within seconds: Int = 2) {
    let done = DispatchSemaphore(value: 0)
    queue.async { done.signal() }
    _ = done.wait(timeout: .now() + .seconds(seconds))
  }
}
