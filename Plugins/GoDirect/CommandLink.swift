import DriverKit

/// One command at a time, each with the rolling counter that its answer echoes (PROTOCOL.md 2.3).
struct CommandLink {
  /// A command that waits for its answer.
  struct Pending {
    var command: GoDirectCommand
    var counter: UInt8
    var deadline: Microseconds
  }

  private(set) var pending: Pending?
  private var counter: UInt8 = 0xFF

  /// The output report that carries a command, which is pending from now on. INIT resets the counter.
  mutating func send(_ command: GoDirectCommand, at now: Microseconds) -> [UInt8] {
    if command == .initialize { counter = 0xFF }
    counter &-= 1
    pending = Pending(command: command, counter: counter, deadline: now + command.patience)
    return command.frame(counter: counter).outputReport
  }

  /// The command that a response answers; `nil` when it answers no pending one.
  mutating func settle(_ response: GoDirectResponse) -> GoDirectCommand? {
    guard let pending, response.id == pending.command.id.rawValue, response.counter == pending.counter else {
      return nil
    }
    self.pending = nil
    return pending.command
  }

  /// No answer is expected any more.
  mutating func forget() { pending = nil }
}
