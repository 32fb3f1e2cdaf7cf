import Glibc
import Testing

@testable import Consumers

private func refusal(_ body: () throws -> Void) -> String {
  do { try body() } catch { return (error as? SocketFailure)?.sentence ?? "\(error)" }
  return ""
}

/// The umask belongs to the process: one test at a time.
@Suite(.serialized) struct SocketListenerTests {
  private func listen(_ path: String, group: UInt32? = nil) throws {
    let listener = try SocketListener(path: path, group: group)
    listener.remove()
  }

  @Test(arguments: [0, 0o077] as [mode_t]) func socketAndDirectoryAreNarrowWhateverTheMask(_ mask: mode_t) throws {
    let directory = TemporaryDirectory()
    let old = umask(mask)
    defer { umask(old) }
    let listener = try SocketListener(path: directory.path + "/run/consumer.sock", group: nil)
    #expect(directory.mode("run") == 0o750 && directory.mode("run/consumer.sock") == 0o660)
    listener.remove()
    #expect(!directory.exists("run/consumer.sock"))
  }

  @Test(.enabled(if: geteuid() == 0)) func bothBelongToTheGroup() throws {
    let directory = TemporaryDirectory()
    let listener = try SocketListener(path: directory.path + "/run/consumer.sock", group: 4_242)
    #expect(directory.information("run").st_gid == 4_242 && directory.information("run/consumer.sock").st_gid == 4_242)
    listener.remove()
  }

  @Test func aLiveSocketIsNotReplacedAndAStaleOneIs() throws {
    let directory = TemporaryDirectory()
    let path = directory.path + "/consumer.sock"
    let first = try SocketListener(path: path, group: nil)
    #expect(refusal { try listen(path) }.contains("Another Thenar already serves"))
    #expect(directory.exists("consumer.sock"), "and it is left alone")
    first.remove()
    // As after kill -9: the file stays, the lock goes.
    makeSocket(path)
    #expect(refusal { try listen(path) } == "")
    #expect(!directory.exists("consumer.sock"))
  }

  private func makeSocket(_ path: String) {
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
  }

  @Test func whatCannotBeASocketIsNamed() throws {
    let directory = TemporaryDirectory()
    let path = directory.path
    #expect(refusal { try listen(path + "/" + String(repeating: "x", count: 120)) }.contains("the kernel allows 107"))
    #expect(refusal { try listen("consumer.sock") }.contains("give the whole path"))
    #expect(refusal { try listen(path + "/") }.contains("give the name of the socket"))
    directory.write("", to: "file")
    #expect(refusal { try listen(path + "/file") }.contains("is no socket"))
    #expect(refusal { try listen(path + "/file/sub/consumer.sock") }.contains("could not be made"))
    #expect(refusal { try listen(path + "/none/sub/consumer.sock") }.contains("could not be made"))
    symlink("file", path + "/link")
    #expect(refusal { try listen(path + "/link") }.contains("is no socket"))
    #expect(directory.exists("file"))
  }

  // MARK: The directory

  @Test func aDirectoryThatEverybodyCanWriteIsRefusedUnlessItIsSticky() throws {
    let directory = TemporaryDirectory()
    mkdir(directory.path + "/run", 0o755)
    chmod(directory.path + "/run", 0o777)
    #expect(refusal { try listen(directory.path + "/run/s") }.contains("Everybody can write"))
    #expect(!directory.exists("run/s") && directory.mode("run") == 0o777, "it is refused, and not changed")
    chmod(directory.path + "/run", 0o1777)
    #expect(refusal { try listen(directory.path + "/run/s") } == "")
    chmod(directory.path + "/run", 0o755)
    #expect(refusal { try listen(directory.path + "/run/s") } == "")
    #expect(directory.mode("run") == 0o755)
  }

  @Test(.enabled(if: geteuid() == 0)) func aDirectoryOfSomebodyElseIsRefused() throws {
    let directory = TemporaryDirectory()
    mkdir(directory.path + "/run", 0o755)
    chown(directory.path + "/run", 4_242, 4_242)
    #expect(refusal { try listen(directory.path + "/run/s") }.contains("belongs to the user with the number 4242"))
  }

  @Test func aLinkToADirectoryIsRefused() throws {
    let directory = TemporaryDirectory()
    mkdir(directory.path + "/real", 0o755)
    symlink("real", directory.path + "/run")
    #expect(refusal { try listen(directory.path + "/run/s") }.contains("no link to one"))
    symlink("nowhere", directory.path + "/dangling")
    #expect(refusal { try listen(directory.path + "/dangling/s") }.contains("no link to one"))
  }

  @Test func aLockThatIsALinkIsRefused() throws {
    let directory = TemporaryDirectory()
    directory.write("mine", to: "other")
    symlink("other", directory.path + "/s.lock")
    #expect(refusal { try listen(directory.path + "/s") }.contains("lock file"))
    #expect(directory.read("other") == "mine")
  }

  @Test func aFailureLeavesNoDescriptorOpen() throws {
    let directory = TemporaryDirectory()
    directory.write("", to: "file")
    #expect(refusal { try listen(directory.path + "/file") } != "")
    var buffer = [CChar](repeating: 0, count: 4_096)
    for descriptor in 0..<4_096 {
      let count = max(0, readlink("/proc/self/fd/\(descriptor)", &buffer, buffer.count))
      let target = String(decoding: buffer.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
      #expect(!target.hasPrefix(directory.path))
    }
  }
}
