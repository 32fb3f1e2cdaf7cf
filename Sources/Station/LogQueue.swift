internal import Dispatch
internal import Glibc
internal import Platform
internal import Synchronization

/// The station's log: lines to standard error, by a thread of its own, so that nobody else ever waits for it.
///
/// What does not fit while standard error takes nothing is dropped, and counted in a line that follows.
package final class LogQueue: Sendable {
  private let descriptor: Int32
  private let backlog: Mutex<LogBacklog>
  private let news = DispatchSemaphore(value: 0)
  private let finished = DispatchSemaphore(value: 0)

  /// A log; at most `bytes` wait.
  package init(descriptor: Int32 = STDERR_FILENO, bytes: Int = 262_144) {
    self.descriptor = descriptor
    backlog = Mutex(LogBacklog(limit: bytes))
    var thread = pthread_t()
    let queue = Unmanaged.passRetained(self)
    if pthread_create(&thread, nil, runLogQueue, queue.toOpaque()) == 0 {
      pthread_detach(thread)
    } else {
      queue.release()
    }
  }

  /// Adds a line. Everything in it that is not plainly visible, whoever it is from, becomes an escape.
  package func log(_ line: String) {
    let safe = SafeText.escaped(line)
    backlog.withLock { $0.add(safe) }
    news.signal()
  }

  /// Writes what waits, and ends; gives up after a moment, as nobody may ever read what standard error is.
  package func finish(within milliseconds: Int = 500) {
    backlog.withLock { $0.isEnding = true }
    news.signal()
    _ = finished.wait(timeout: .now() + .milliseconds(milliseconds))
  }

  fileprivate func run() {
    while true {
      news.wait()
      while let lines = backlog.withLock({ $0.take() }) { write(lines) }
      if backlog.withLock({ $0.isEnding }) { break }
    }
    finished.signal()
  }

  private func write(_ lines: [UInt8]) {
    var rest = lines[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count > 0 {
        rest = rest.dropFirst(count)
      } else if errno == EAGAIN {
        var waiting = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        poll(&waiting, 1, -1)
      } else if errno != EINTR {
        // There is nowhere to say it.
        return
      }
    }
  }
}

private func runLogQueue(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
  if let context { Unmanaged<LogQueue>.fromOpaque(context).takeRetainedValue().run() }
  return nil
}

/// Lines that wait to be written.
struct LogBacklog {
  private let limit: Int
  private var lines: [UInt8] = []
  private var dropped = 0
  /// Nothing more will be added.
  var isEnding = false

  /// At most so many bytes.
  init(limit: Int) { self.limit = limit }

  /// Adds a line, or counts it where there is no room: what came first says how it began.
  mutating func add(_ line: String) {
    guard dropped == 0, lines.count + line.utf8.count < limit else {
      dropped += 1
      return
    }
    lines += line.utf8
    lines.append(UInt8(ascii: "\n"))
  }

  /// What waits, with the number of lines that had no room; `nil`: nothing.
  mutating func take() -> [UInt8]? {
    if lines.isEmpty, dropped == 0 { return nil }
    var taken = lines
    if dropped > 0 {
      taken += (dropped == 1 ? "1 log line was dropped.\n" : "\(dropped) log lines were dropped.\n").utf8
    }
    lines = []
    dropped = 0
    return taken
  }
}
