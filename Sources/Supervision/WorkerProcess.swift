internal import Glibc

/// A worker that was started: the hub's end of its link, and its process.
package struct WorkerProcess: Sendable {
  /// The hub's end of the socket pair. Whoever takes it over closes it.
  package var descriptor: Int32
  /// Its process; 0 where there is none of its own (tests).
  package var process: Int32

  /// A started worker.
  package init(descriptor: Int32, process: Int32) {
    self.descriptor = descriptor
    self.process = process
  }

  /// Ends the process at once.
  package func kill() {
    if process > 0 { Glibc.kill(process, SIGKILL) }
  }

  /// The process is over. What it was is still known until ``reap()``.
  package var hasEnded: Bool {
    guard process > 0 else { return false }
    var information = siginfo_t()
    return waitid(P_PID, id_t(process), &information, WEXITED | WNOHANG | WNOWAIT) == 0 && information.si_signo != 0
  }

  /// How the process ended, as one sentence, or `nil` while it runs.
  package func reap() -> String? {
    guard process > 0 else { return "The driver's process ended." }
    var status: Int32 = 0
    let result = waitpid(process, &status, WNOHANG)
    if result == 0 { return nil }
    if result < 0 { return "The driver's process is gone." }
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
