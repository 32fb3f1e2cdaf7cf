import Glibc
import Hub
import Testing

@Suite struct SocketListenerTests {
  private func inTemporaryDirectory(_ body: (String) throws -> Void) throws {
    var template = Array("/tmp/thenar-test-XXXXXX".utf8CString)
    let directory = String(cString: mkdtemp(&template))
    defer { system("rm -rf \(directory)") }
    try body(directory)
  }

  private func mode(_ path: String) -> mode_t {
    var information = stat()
    stat(path, &information)
    return information.st_mode & 0o7777
  }

  @Test func socketAndDirectoryAreNarrowWhateverTheMask() throws {
    try inTemporaryDirectory { directory in
      let old = umask(0)
      defer { umask(old) }
      let listener = try SocketListener(path: directory + "/run/consumer.sock", group: nil)
      defer { close(listener.descriptor) }
      #expect(mode(directory + "/run") == 0o750)
      #expect(mode(directory + "/run/consumer.sock") == 0o660)
      listener.remove()
      #expect(access(directory + "/run/consumer.sock", F_OK) != 0)
    }
  }

  @Test func aStaleSocketIsReplacedAndALiveOneIsNot() throws {
    try inTemporaryDirectory { directory in
      let path = directory + "/consumer.sock"
      let first = try SocketListener(path: path, group: nil)
      #expect { try SocketListener(path: path, group: nil) } throws: {
        ($0 as? SocketFailure)?.sentence.contains("Another Thenar already serves") == true
      }
      // As after kill -9: the file stays, the lock goes.
      close(first.descriptor)
      first.remove()
      var address = sockaddr_un()
      address.sun_family = sa_family_t(AF_UNIX)
      withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
      let stale = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
      _ = withUnsafePointer(to: &address) {
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
          bind(stale, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
        }
      }
      close(stale)
      let second = try SocketListener(path: path, group: nil)
      close(second.descriptor)
      second.remove()
    }
  }

  @Test func whatCannotBeASocketIsNamed() throws {
    try inTemporaryDirectory { directory in
      let long = directory + "/" + String(repeating: "x", count: 120)
      #expect { try SocketListener(path: long, group: nil) } throws: {
        ($0 as? SocketFailure)?.sentence.contains("the kernel allows 107") == true
      }
      #expect { try SocketListener(path: "consumer.sock", group: nil) } throws: {
        ($0 as? SocketFailure)?.sentence.contains("give the whole path") == true
      }
      let file = open(directory + "/file", O_CREAT | O_RDWR, 0o600)
      close(file)
      #expect { try SocketListener(path: directory + "/file", group: nil) } throws: {
        ($0 as? SocketFailure)?.sentence.contains("is no socket") == true
      }
      #expect { try SocketListener(path: directory + "/file/sub/consumer.sock", group: nil) } throws: {
        ($0 as? SocketFailure)?.sentence.contains("could not be made") == true
      }
    }
  }
}
