internal import Readings

/// Commands of one device that wait for their outcome, each at most for a time.
struct OpenCommands {
  /// For how long an instrument may take.
  static let patience: Microseconds = 10_000_000
  /// Commands that a device may owe the outcome of.
  static let most = 32

  private struct Open {
    var number: UInt64
    var until: Microseconds
    var answer: (String) -> Void
  }

  private var open: [Open] = []

  /// How many wait.
  var count: Int { open.count }

  /// A command was given; `answer` gets an empty text, or why it was not carried out.
  mutating func add(_ number: UInt64, at now: Microseconds, _ answer: @escaping (String) -> Void) {
    open.append(Open(number: number, until: now + Self.patience, answer: answer))
  }

  /// The outcome of a command has come: whom to tell.
  mutating func take(_ number: UInt64) -> ((String) -> Void)? {
    guard let index = open.firstIndex(where: { $0.number == number }) else { return nil }
    return open.remove(at: index).answer
  }

  /// Those that have waited too long.
  mutating func takeOverdue(at now: Microseconds) -> [(String) -> Void] {
    guard open.contains(where: { $0.until <= now }) else { return [] }
    defer { open.removeAll { $0.until <= now } }
    return open.filter { $0.until <= now }.map(\.answer)
  }

  /// All, in the order in which they were given.
  mutating func takeAll() -> [(String) -> Void] {
    defer { open = [] }
    return open.map(\.answer)
  }

  /// The station slept: they are waited for anew.
  mutating func slept(until now: Microseconds) {
    for index in open.indices { open[index].until = now + Self.patience }
  }
}
