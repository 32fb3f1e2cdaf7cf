import CPlatform
import Glibc
import Testing

@Suite struct PeerTests {
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
