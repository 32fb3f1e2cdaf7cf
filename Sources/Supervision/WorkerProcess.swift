internal import Glibc
package import Platform

/// A worker that was started: the hub's end of its link, and its process.
package struct WorkerProcess: Sendable {
  /// The hub's end of the socket pair. Whoever takes it over closes it.
  package var descriptor: Int32
  /// Its process; 0 where there is none of its own (tests).
  package var process: Int32
  private let owned: OwnedProcess?

  /// A worker without a process of its own.
  package init(descriptor: Int32, process: Int32) {
    self.descriptor = descriptor
    self.process = process
    owned = nil
  }

  /// A started worker.
  package init(descriptor: Int32, _ owned: OwnedProcess) {
    self.descriptor = descriptor
    self.owned = owned
    process = owned.number
  }

  /// The process is over. How it ended is still known until ``reap()``.
  package var hasEnded: Bool { owned?.hasEnded ?? false }

  /// Ends the process and all that it started at once.
  package func kill() { owned?.kill() }

  /// How the process ended, as one sentence, or `nil` while it runs. What it started ends with it.
  package func reap() -> String? {
    guard let owned else { return "The driver's process ended." }
    guard let status = owned.reap() else { return nil }
    if status == OwnedProcess.gone { return "The driver's process is gone." }
    // The macros WIFSIGNALED and WEXITSTATUS do not reach Swift; these are their definitions.
    let signal = status & 0x7F
    if signal != 0 {
      let name = strsignal(signal).map { String(cString: $0) } ?? "unknown"
      return "The driver's process was ended by signal \(signal) (\(name))."
    }
    return "The driver's process ended with status \(status >> 8 & 0xFF)."
  }
}

/// Why a worker could not be started.
package struct LaunchFailure: Error {
  /// One plain sentence.
  package var sentence: String
  /// A failure.
  package init(_ sentence: String) { self.sentence = sentence }
}
