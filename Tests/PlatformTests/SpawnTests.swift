import Glibc
import Platform
import Testing

/// Runs a shell line as a worker is run and gives back what it wrote to descriptor 3.
private func run(
  _ script: String, limits: OwnedProcess.Limits = .init(memory: 0, files: 0)
) throws -> (output: String, status: Int32) {
  var pair: [Int32] = [-1, -1]
  try #require(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0, &pair) == 0)
  defer { close(pair[0]) }
  let process: OwnedProcess
  do {
    defer { close(pair[1]) }
    process = try OwnedProcess(
      program: "/bin/sh", arguments: ["sh", "-c", script], environment: ["LC_ALL=C", "PATH=/usr/bin:/bin"],
      control: pair[1], errors: STDERR_FILENO, limits: limits)
  }
  let text = readAll(pair[0])
  try waitForEnd(of: process)
  return (text, try #require(process.reap()))
}

private func readAll(_ descriptor: Int32) -> String {
  var text: [UInt8] = []
  var buffer = [UInt8](repeating: 0, count: 4096)
  while case let count = read(descriptor, &buffer, buffer.count), count > 0 { text += buffer[..<count] }
  return String(decoding: text, as: UTF8.self)
}

private func waitForEnd(of process: OwnedProcess) throws {
  var ended = pollfd(fd: process.descriptor, events: Int16(POLLIN), revents: 0)
  try #require(poll(&ended, 1, 60_000) == 1)
}

@Suite struct SpawnTests {
  @Test func aProcessHasItsLinkAndNothingElseOfOurs() throws {
    // Not close-on-exec, so that the child would have it if it could.
    let ours = dup(2)
    defer { close(ours) }
    let run = try run(
      """
      for n in $(seq 0 \(ours + 20)); do [ -e /proc/$$/fd/$n ] && open="$open $n"; done
      for n in 0 1; do [ /proc/$$/fd/$n -ef /dev/null ] && quiet="$quiet $n"; done
      echo "open:$open quiet:$quiet" >&3; exit 5
      """)
    #expect(run.output == "open: 0 1 2 3 quiet: 0 1\n")
    #expect(run.status == 5 << 8)
  }

  @Test func itLeadsAGroupOfItsOwn() throws {
    let run = try run("[ \"$(cut -d' ' -f5 /proc/$$/stat)\" = $$ ] && printf own >&3")
    #expect(run.output == "own")
  }

  @Test func itMayTakeNoMoreThanItsLimitsAndGainNoRights() throws {
    let run = try run(
      "echo $(ulimit -d) $(ulimit -n) $(ulimit -c) $(grep -o 'NoNewPrivs:.*1' /proc/$$/status | tr -d '\\t') >&3",
      limits: .init(memory: 64 << 20, files: 32))
    #expect(run.output == "65536 32 0 NoNewPrivs:1\n")
  }

  @Test func whatTakesTooMuchMemoryIsRefusedIt() throws {
    let run = try run(
      "head -c 100000000 /dev/zero | tr '\\0' x | { read -r all; } 2>&3 || echo refused >&3",
      limits: .init(memory: 32 << 20, files: 32))
    #expect(run.output.contains("refused") || run.output.contains("memory"), "\(run)")
  }

  @Test func signalsHaveTheirDefaults() throws {
    // The tests ignore it; a shell could not be told so otherwise.
    let before = signal(SIGPIPE, SIG_IGN)
    defer { signal(SIGPIPE, before) }
    #expect(try run("kill -PIPE $$; echo survived >&3").output == "")
  }

  @Test func aProgramThatIsNotThereIsAnError() {
    #expect(throws: SystemFailure(code: ENOENT)) {
      try OwnedProcess(
        program: "/nowhere/program", arguments: [], environment: [], control: 2, errors: 2,
        limits: .init(memory: 0, files: 0))
    }
  }

  /// A child that it leaves behind holds the link; with its group it ends, and the link is closed.
  @Test func whatItLeavesInItsGroupEndsWithIt() throws {
    var pair: [Int32] = [-1, -1]
    try #require(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0, &pair) == 0)
    defer { close(pair[0]) }
    let process = try OwnedProcess(
      program: "/bin/sh", arguments: ["sh", "-c", "sleep 1000 & exit 3"], environment: ["PATH=/usr/bin:/bin"],
      control: pair[1], errors: STDERR_FILENO, limits: .init(memory: 0, files: 0))
    close(pair[1])
    try waitForEnd(of: process)
    #expect(process.endGroup())
    #expect(readAll(pair[0]) == "")
    #expect(process.reap() == 3 << 8)
    // Its number may be another's from now on.
    #expect(process.reap() == OwnedProcess.gone)
    process.kill()
  }

  @Test func killEndsTheWholeGroup() throws {
    var pair: [Int32] = [-1, -1]
    try #require(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0, &pair) == 0)
    defer { close(pair[0]) }
    let process = try OwnedProcess(
      program: "/bin/sh", arguments: ["sh", "-c", "sleep 1000 & sleep 1000"], environment: ["PATH=/usr/bin:/bin"],
      control: pair[1], errors: STDERR_FILENO, limits: .init(memory: 0, files: 0))
    close(pair[1])
    #expect(process.reap() == nil)
    process.kill()
    #expect(readAll(pair[0]) == "")
    try waitForEnd(of: process)
    #expect(process.reap() == SIGKILL)
  }
}
