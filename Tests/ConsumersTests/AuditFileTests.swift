import Glibc
import Testing

@testable import Consumers

@Suite struct AuditFileTests {
  private func append(
    _ text: String, in directory: TemporaryDirectory, rotatingAt limit: Int = .max, keeping old: Int = 3
  ) -> String? {
    AuditFile.append(Array(text.utf8), to: directory.path + "/audit", rotatingAt: limit, keeping: old)
  }

  @Test func linesAreAddedToAFileThatOthersCannotRead() {
    let directory = TemporaryDirectory()
    #expect(append("a\n", in: directory) == nil && append("b\nc\n", in: directory) == nil)
    #expect(directory.read("audit") == "a\nb\nc\n" && directory.mode("audit") & 0o007 == 0)
  }

  @Test(arguments: [0, 1, 4_095, 4_096, 4_097, 10_000]) func aTornLineIsTakenAway(_ length: Int) {
    let directory = TemporaryDirectory()
    let torn = String(repeating: "x", count: length)
    directory.write("whole\n" + torn, to: "audit")
    #expect(append("next\n", in: directory) == nil)
    #expect(directory.read("audit") == "whole\nnext\n")
    directory.write(torn, to: "audit")
    #expect(append("next\n", in: directory) == nil)
    #expect(directory.read("audit") == "next\n")
  }

  @Test func oldFilesAreKeptUpToTheirNumber() {
    let directory = TemporaryDirectory()
    for number in 0..<9 { #expect(append("line \(number)\n", in: directory, rotatingAt: 14, keeping: 3) == nil) }
    #expect(directory.read("audit") == "line 8\n")
    #expect(directory.read("audit.1") == "line 6\nline 7\n" && directory.read("audit.3") == "line 2\nline 3\n")
    #expect(!directory.exists("audit.4"))
  }

  @Test func whatIsLongerThanAFileMayBeIsStillWritten() {
    let directory = TemporaryDirectory()
    #expect(append("much longer than ten\n", in: directory, rotatingAt: 10) == nil)
    #expect(append("much longer than ten\n", in: directory, rotatingAt: 10) == nil)
    #expect(directory.read("audit") == "much longer than ten\n" && directory.exists("audit.1"))
  }

  @Test func onlyAFileIsWrittenTo() {
    let directory = TemporaryDirectory()
    mkfifo(directory.path + "/audit", 0o600)
    #expect(append("a\n", in: directory) == "it is no file")
    unlink(directory.path + "/audit")
    mkdir(directory.path + "/audit", 0o700)
    #expect(append("a\n", in: directory) != nil)
    rmdir(directory.path + "/audit")
    directory.write("other\n", to: "other")
    symlink("other", directory.path + "/audit")
    #expect(append("a\n", in: directory) != nil && directory.read("other") == "other\n")
    unlink(directory.path + "/audit")
    symlink("/dev/full", directory.path + "/audit")
    #expect(append("a\n", in: directory) != nil)
    #expect(AuditFile.append([0x0A], to: "/dev/full", rotatingAt: .max, keeping: 1) == "it is no file")
    #expect(AuditFile.append([0x0A], to: directory.path + "/none/audit", rotatingAt: .max, keeping: 1) != nil)
  }

  /// A file may not grow beyond what the kernel allows: what was written of the lines by then is taken back.
  @Test func aShortWriteIsUndone() throws {
    let directory = TemporaryDirectory()
    directory.write("", to: "audit")
    // So large a limit that no other file of the tests comes near it; the file before it is a hole.
    let most = 1 << 36
    let path = directory.path + "/audit"
    try #require(truncate(path, most - 10) == 0)
    let file = open(path, O_WRONLY)
    pwrite(file, "\n", 1, most - 11)
    close(file)
    signal(SIGXFSZ, SIG_IGN)
    var limit = rlimit()
    getrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
    let before = limit
    limit.rlim_cur = rlim_t(most)
    setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
    defer { var limit = before; setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit) }
    let failure = append("a line that is longer than the room\n", in: directory)
    #expect(failure?.contains("too large") == true)
    #expect(directory.information("audit").st_size == most - 10)
  }
}
