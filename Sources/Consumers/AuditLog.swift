internal import Dispatch
internal import Glibc
internal import StrictJSON

/// Who gave which command, with what outcome: one JSON line each, in a file that is only ever added to.
///
/// Written on a queue of its own, so that neither a slow nor a full disk holds up the stream.
package final class AuditLog: Sendable {
  private let queue = DispatchQueue(label: "thenar.audit")
  private let path: String
  private let report: @Sendable (String) -> Void

  /// A log at a path; `report` is told in one sentence when a line could not be written.
  package init(path: String, report: @escaping @Sendable (String) -> Void) {
    self.path = path
    self.report = report
  }

  /// Adds a line.
  func add(peer: Peer, client: String, method: String, parameters: JSONNode, outcome: String, wall: Int64) {
    var writer = JSONWriter()
    writer.beginObject()
    writer.key("wall_us")
    writer.integer(wall)
    writer.key("uid")
    writer.integer(peer.user)
    writer.key("pid")
    writer.integer(peer.process)
    writer.key("client")
    writer.string(client)
    writer.key("method")
    writer.string(method)
    writer.key("params")
    writer.node(parameters)
    writer.key("outcome")
    writer.string(outcome)
    writer.endObject()
    writer.newLine()
    let line = writer.bytes
    queue.async { [path, report] in
      let file = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o640)
      defer { if file >= 0 { close(file) } }
      if file < 0 || write(file, line, line.count) != line.count {
        report("The audit log \(path) could not be written: \(String(cString: strerror(errno))).")
      }
    }
  }

  /// Waits until every line is written.
  package func finish() { queue.sync {} }
}
