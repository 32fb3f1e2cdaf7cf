internal import Glibc
package import Logging

/// Writes what is logged to a ``LogQueue``: time, level, and one line of text.
package struct QueuedLogHandler: LogHandler {
  package var metadata: Logger.Metadata = [:]
  package var logLevel = Logger.Level.info
  private let label: String
  private let queue: LogQueue

  /// A handler for a logger of that label.
  package init(label: String, queue: LogQueue) {
    self.label = label
    self.queue = queue
  }

  package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  package func log(event: LogEvent) { queue.log("\(timestamp()) \(event.level) \(label): \(event.message)") }
}

/// The time of day where the station is: `2026-03-01T09:30:00+0100`.
private func timestamp() -> String {
  var now = time(nil)
  var parts = tm()
  var text = [CChar](repeating: 0, count: 64)
  guard localtime_r(&now, &parts) != nil, strftime(&text, text.count, "%Y-%m-%dT%H:%M:%S%z", &parts) > 0 else {
    return "-"
  }
  return text.withUnsafeBufferPointer { $0.baseAddress.map { String(cString: $0) } ?? "" }
}
