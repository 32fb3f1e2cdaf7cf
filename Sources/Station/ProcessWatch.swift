internal import CPlatform
internal import Dispatch
internal import Glibc
internal import Platform
internal import Synchronization

/// Looks after the processes that run drivers and emulators, on a thread of its own: passes on what they say, ends what
/// they leave behind, and keeps their crash reports.
final class ProcessWatch: Sendable {
  private let inbox = Mutex(Inbox())
  private let crashes: CrashReports?
  private let log: @Sendable (String) -> Void
  /// The ends of a line that wakes the thread.
  private let bell: (ours: Int32, threads: Int32)
  private let finished = DispatchSemaphore(value: 0)

  private struct Inbox {
    var arrivals: [Watched] = []
    var isEnding = false
  }

  /// Begins; `log` is told in lines.
  init(crashes: CrashReports?, log: @escaping @Sendable (String) -> Void) {
    self.crashes = crashes
    self.log = log
    var ends: [Int32] = [-1, -1]
    let kind = SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue
    socketpair(AF_UNIX, Int32(kind), 0, &ends)
    bell = (ends[0], ends[1])
    var thread = pthread_t()
    let watch = Unmanaged.passRetained(self)
    if pthread_create(&thread, nil, runProcessWatch, watch.toOpaque()) == 0 {
      pthread_detach(thread)
    } else {
      watch.release()
      finished.signal()
    }
  }

  deinit {
    close(bell.ours)
    close(bell.threads)
  }

  /// A process was started; `name` says whose its words are, `output` is where they come, and is closed here.
  func add(_ name: String, _ process: OwnedProcess, output: Int32) {
    inbox.withLock { $0.arrivals.append(Watched(name: name, process: process, output: output)) }
    ring()
  }

  /// Ends what is left, and says what was still to be said. Waits a moment at most.
  func finish() {
    inbox.withLock { $0.isEnding = true }
    ring()
    _ = finished.wait(timeout: .now() + .seconds(1))
  }

  private func ring() { send(bell.ours, "!", 1, Int32(MSG_NOSIGNAL)) }

  // MARK: On its thread

  fileprivate func run() {
    var watched: [Watched] = []
    // How often to look for orphans still: the children of one that was ended come in its place.
    var looks = 0
    while true {
      wait(watched, isBusy: looks > 0)
      let isEnding = inbox.withLock { inbox in
        watched += inbox.arrivals
        inbox.arrivals = []
        return inbox.isEnding
      }
      let now = SystemClock.boot()
      var hasEnd = false
      for index in watched.indices {
        for line in watched[index].read(at: now) { log("\(watched[index].name) says: \(line)") }
        if watched[index].noticeEnd() { hasEnd = true }
      }
      looks = hasEnd || Orphans.areLeft(looks > 0) ? 5 : max(0, looks - 1)
      for index in watched.indices where watched[index].isOver(looks) {
        for line in watched[index].end() { log("\(watched[index].name) says: \(line)") }
      }
      for process in watched where process.isClosed && !process.report.isEmpty {
        keep(process.report, of: process.name)
      }
      watched.removeAll { $0.isClosed }
      if isEnding, watched.isEmpty, looks == 0 { break }
    }
    finished.signal()
  }

  private func keep(_ report: [String], of name: String) {
    if let path = crashes?.keep(report, of: name) {
      log("\(name) crashed; the report is \(path).")
    } else {
      for line in report { log("\(name) says: \(line)") }
    }
  }

  private func wait(_ watched: [Watched], isBusy: Bool) {
    var entries = [pollfd(fd: bell.threads, events: Int16(POLLIN), revents: 0)]
    for process in watched { entries += process.waits }
    poll(&entries, nfds_t(entries.count), isBusy ? 20 : watched.contains(where: \.isWaiting) ? 1000 : -1)
    var bytes = [UInt8](repeating: 0, count: 64)
    while recv(bell.threads, &bytes, bytes.count, 0) > 0 {}
  }
}

extension Orphans {
  /// Ends them where it is time to look; `true`: there were some.
  fileprivate static func areLeft(_ isTime: Bool) -> Bool { isTime && end() }
}

private func runProcessWatch(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
  if let context { Unmanaged<ProcessWatch>.fromOpaque(context).takeRetainedValue().run() }
  return nil
}

/// A process that is looked after.
private struct Watched {
  let name: String
  private let process: OwnedProcess
  private var output: Int32
  private var lines = OutputLines()
  private var hasEnded = false
  /// From the words on with which the report of a crash begins.
  private(set) var report: [String] = []

  init(name: String, process: OwnedProcess, output: Int32) {
    self.name = name
    self.process = process
    self.output = output
  }

  /// What there is to wait for.
  var waits: [pollfd] {
    (output >= 0 && !lines.isFull ? [output] : []).map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
      + (hasEnded ? [] : [pollfd(fd: process.descriptor, events: Int16(POLLIN), revents: 0)])
  }

  /// Something is to be said when its second is over, or its end shows only to who asks.
  var isWaiting: Bool { lines.isWaiting || process.descriptor < 0 }
  /// There is nothing more to look after.
  var isClosed: Bool { hasEnded && output < 0 }

  /// Reads what it said; gives the lines to log. A turn reads no more than may be said in a second.
  mutating func read(at now: Int64) -> [String] {
    guard output >= 0 else { return [] }
    var said = lines.due(at: now)
    if lines.isFull { return said }
    var chunk = [UInt8](repeating: 0, count: OutputLines.bytesPerSecond)
    let count = recv(output, &chunk, chunk.count, Int32(MSG_DONTWAIT))
    if count > 0 { return said + withoutReport(lines.take(chunk[..<count], at: now)) }
    if count == 0 || errno != EAGAIN && errno != EINTR { said += end() }
    return said
  }

  /// Whether it has just ended; what it left in its process group ends too.
  mutating func noticeEnd() -> Bool {
    guard !hasEnded, process.endGroup() else { return false }
    hasEnded = true
    return true
  }

  /// It has ended and nobody who could still speak for it is to be expected.
  func isOver(_ looks: Int) -> Bool { hasEnded && output >= 0 && looks == 0 }

  /// Closes its output; gives what is left of it.
  mutating func end() -> [String] {
    if output >= 0 { close(output) }
    output = -1
    return withoutReport(lines.end())
  }

  private mutating func withoutReport(_ said: [String]) -> [String] {
    var others: [String] = []
    for line in said {
      let belongs = !report.isEmpty || line.hasPrefix(THENAR_CRASH_WORDS)
      if belongs, report.count < CrashReports.mostLines { report.append(line) } else { others.append(line) }
    }
    return others
  }
}
