import CPlatform
import Glibc
import Testing

/// Runs a shell line as a worker is run and gives back what it wrote to descriptor 3.
private func spawn(_ script: String) throws -> (output: String, status: Int32) {
  var pair: [Int32] = [-1, -1]
  try #require(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0, &pair) == 0)
  defer { close(pair[0]) }
  var arguments: [UnsafeMutablePointer<CChar>?] = [strdup("sh"), strdup("-c"), strdup(script), nil]
  var environment: [UnsafeMutablePointer<CChar>?] = [strdup("LC_ALL=C"), nil]
  defer { for text in arguments + environment { free(text) } }
  var (process, descriptor): (Int32, Int32) = (-1, -1)
  let error = thenar_spawn("/bin/sh", &arguments, &environment, pair[1], &process, &descriptor)
  close(pair[1])
  try #require(error == 0)
  defer { close(descriptor) }

  var text: [UInt8] = []
  var buffer = [UInt8](repeating: 0, count: 4096)
  while case let count = read(pair[0], &buffer, buffer.count), count > 0 { text += buffer[..<count] }
  var ended = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
  try #require(poll(&ended, 1, 10_000) == 1)
  var status: Int32 = 0
  try #require(waitpid(process, &status, 0) == process)
  return (String(decoding: text, as: UTF8.self), status)
}

@Suite struct PlatformTests {
  @Test func aSpawnedProcessHasItsLinkAndNothingElseOfOurs() throws {
    // Not close-on-exec, so that the child would have it if it could.
    let ours = dup(2)
    defer { close(ours) }
    let run = try spawn(
      """
      for n in $(seq 0 \(ours + 10)); do [ -e /proc/$$/fd/$n ] && open="$open $n"; done
      for n in 0 1; do [ /proc/$$/fd/$n -ef /dev/null ] && quiet="$quiet $n"; done
      echo "open:$open quiet:$quiet" >&3; exit 5
      """)
    #expect(run.output == "open: 0 1 2 3 quiet: 0 1\n")
    #expect(run.status == 5 << 8)
  }

  @Test func itLeadsAGroupOfItsOwn() throws {
    let run = try spawn("[ \"$(cut -d' ' -f5 /proc/$$/stat)\" = $$ ] && printf own >&3")
    #expect(run.output == "own")
  }

  @Test func aProgramThatIsNotThereIsAnError() {
    var (process, descriptor): (Int32, Int32) = (-1, -1)
    var none: [UnsafeMutablePointer<CChar>?] = [nil]
    #expect(thenar_spawn("/nowhere/program", &none, &none, 2, &process, &descriptor) == ENOENT)
  }

  @Test func thePeerOfOurOwnSocketIsUs() {
    var pair: [Int32] = [-1, -1]
    socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &pair)
    defer { for end in pair { close(end) } }
    var process: Int32 = 0
    var (user, group): (UInt32, UInt32) = (.max, .max)
    #expect(thenar_peer_credentials(pair[0], &process, &user, &group) == 0)
    #expect(process == getpid() && user == getuid() && group == getgid())
    #expect(thenar_peer_credentials(-1, &process, &user, &group) == EBADF)
  }
}
