import Glibc
import Platform
import Testing

@Suite struct FileTrustTests {
  private let trust = FileTrust(owners: [0, 1000]) { group, owner in group == 1000 && owner == 1000 }
  private static let here = FileIdentity(device: 1, number: 2)

  private func facts(
    _ mode: UInt32, _ kind: FileFacts.Kind = .file, owner: UInt32 = 0, group: UInt32 = 0
  ) -> FileFacts {
    FileFacts(kind: kind, identity: Self.here, owner: owner, group: group, mode: mode)
  }

  @Test func whoMayChangeAFileDecides() {
    #expect(trust.fault(facts(0o644)) == nil)
    #expect(trust.fault(facts(0o600, owner: 1000)) == nil)
    #expect(trust.fault(facts(0o600, owner: 1001)) == .owner(1001))
    #expect(trust.fault(facts(0o646)) == .writableByAll)
    #expect(trust.fault(facts(0o664, group: 50)) == .writableByGroup(50))
    // The account's own group, as Debian and Ubuntu make one for each.
    #expect(trust.fault(facts(0o664, owner: 1000, group: 1000)) == nil)
    #expect(trust.fault(facts(0o666, owner: 1000, group: 1000)) == .writableByAll)
  }

  @Test func directoriesAndLinksOnTheWayCountAsWell() {
    #expect(trust.fault(facts(0o777, .directory)) == .writableByAll)
    #expect(trust.fault(facts(0o1777, .directory)) == nil)
    #expect(trust.fault(facts(0o1777, .directory, owner: 1001)) == .owner(1001))
    // Links have no rights of their own.
    #expect(trust.fault(facts(0o777, .link)) == nil)
    #expect(trust.fault(facts(0o777, .link, owner: 1001)) == .owner(1001))
  }

  /// Whoever can write where Thenar's own program lies needs no configuration to run what he likes.
  @Test func directoriesAboveTheProgramAreNotLookedAt() {
    var trust = trust
    trust.ownDirectories = [Self.here]
    trust.groups = [50]
    #expect(trust.fault(facts(0o664, group: 50)) == nil)
    #expect(trust.fault(facts(0o777, .directory, owner: 1001)) == nil)
    #expect(trust.fault(facts(0o644, owner: 1001)) == .owner(1001))
  }

  private func refusal(_ path: String, _ trust: FileTrust = .ofThisProcess) -> String? {
    do {
      try trust.check(path)
      return nil
    } catch {
      return error.text
    }
  }

  @Test func theWayToAFileIsLookedAt() throws {
    let folder = try TemporaryFolder()
    let good = folder.write("good")
    #expect(refusal(good) == nil)
    #expect(try readSmallFile(good) == Array("text".utf8))

    let open = folder.write("open", mode: 0o666)
    #expect(
      refusal(open) == "\(open) can be written by everybody, who could change what Thenar does: chmod go-w \(open)")
    #expect(throws: FileFailure.self) { try readSmallFile(open) }

    let shared = folder.folder("shared", mode: 0o777)
    _ = folder.write("shared/file")
    #expect(refusal("\(shared)/file")?.hasPrefix("\(shared) can be written by everybody") == true)
    #expect(refusal("\(shared)/absent")?.hasPrefix("\(shared) can be written by everybody") == true)
    // Not past it by another way, either.
    #expect(refusal("\(shared)/../good")?.hasPrefix("\(shared) can be") == true)
    symlink("\(shared)/file", "\(folder.path)/link")
    #expect(refusal("\(folder.path)/link")?.hasPrefix("\(shared) can be") == true)
    symlink("good", "\(folder.path)/alias")
    #expect(refusal("\(folder.path)/alias") == nil)
    #expect(refusal("\(folder.path)/good/below") == SystemFailure(code: ENOTDIR).text)
    symlink("round", "\(folder.path)/round")
    #expect(refusal("\(folder.path)/round") == SystemFailure(code: ELOOP).text)
    #expect(refusal("\(folder.path)/absent") == SystemFailure(code: ENOENT).text)
  }

  @Test(.enabled(if: geteuid() == 0, "only root can give files away"))
  func whatBelongsToAnotherIsRefused() throws {
    let folder = try TemporaryFolder()
    let stranger: uid_t = 64_001
    let file = folder.write("file")
    chown(file, stranger, stranger)
    #expect(
      refusal(file)
        == "\(file) belongs to the user with the number 64001, who could change what Thenar does: chown root \(file), or "
        + "remove it")
    let theirs = folder.folder("theirs")
    let inside = folder.write("theirs/file")
    chown(theirs, stranger, stranger)
    #expect(refusal(inside)?.hasPrefix("\(theirs) belongs to") == true)
    // A stranger's link in a sticky directory leads where the stranger likes.
    let sticky = folder.folder("sticky", mode: 0o1777)
    symlink(folder.write("good"), "\(sticky)/link")
    #expect(refusal("\(sticky)/link") == nil)
    lchown("\(sticky)/link", stranger, stranger)
    #expect(refusal("\(sticky)/link")?.hasPrefix("\(sticky)/link belongs to") == true)
  }

  /// A named pipe would keep a reader waiting for ever.
  @Test func onlyFilesAreRead() throws {
    let folder = try TemporaryFolder()
    mkfifo("\(folder.path)/pipe", 0o600)
    #expect(throws: FileFailure.system(SystemFailure(code: EINVAL))) { try readSmallFile("\(folder.path)/pipe") }
    #expect(throws: FileFailure.system(SystemFailure(code: EISDIR))) { try readSmallFile(folder.path) }
  }

  @Test func aPrivateDirectoryIsEmptiedAndNobodyElsesTaken() throws {
    let folder = try TemporaryFolder()
    let path = folder.folder("private", mode: 0o777)
    _ = folder.write("private/stale.sock")
    try makePrivateDirectory(path)
    var status = stat()
    #expect(stat(path, &status) == 0 && status.st_mode & 0o7777 == 0o700)
    #expect(access(path + "/stale.sock", F_OK) != 0)
    removePrivateDirectory(path)
    #expect(access(path, F_OK) != 0)
    symlink("/tmp", path)
    #expect(throws: FileFailure.untrusted("\(path) is in the way: remove it")) { try makePrivateDirectory(path) }
  }
}
