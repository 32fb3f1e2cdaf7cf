import Glibc
import Testing

@testable import Station

@Suite struct LogTests {
  private func text(_ bytes: [UInt8]?) -> String? { bytes.map { String(decoding: $0, as: UTF8.self) } }

  @Test func whatHasNoRoomIsCounted() {
    var backlog = LogBacklog(limit: 12)
    #expect(backlog.take() == nil)
    backlog.add("first")
    backlog.add("second line")
    // Also where it would fit: the lines that come out are those that came first, in their order.
    backlog.add("x")
    #expect(text(backlog.take()) == "first\n2 log lines were dropped.\n")
    backlog.add("again")
    #expect(text(backlog.take()) == "again\n")
    backlog.add("longer than all")
    #expect(text(backlog.take()) == "1 log line was dropped.\n")
    #expect(backlog.take() == nil)
  }

  /// A pipe that nobody reads: nobody waits, neither for a line nor for the end.
  @Test func nobodyWaitsForALogThatNobodyReads() {
    var ends: [Int32] = [-1, -1]
    pipe(&ends)
    defer { for end in ends { close(end) } }
    let queue = LogQueue(descriptor: ends[1], bytes: 4096)
    for _ in 0..<2_000 { queue.log(String(repeating: "x", count: 200)) }
    queue.finish(within: 10)
    // When somebody reads, each line comes or is counted, and its thread has no more to write.
    var (come, dropped) = (0, 0)
    var rest: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 65_536)
    while come + dropped < 2_000 {
      let count = read(ends[0], &chunk, chunk.count)
      if count <= 0 { break }
      rest += chunk[..<count]
      var lines = rest.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
      rest = Array(lines.removeLast())
      for line in lines.map({ String(decoding: $0, as: UTF8.self) }) {
        if line.hasPrefix("x") { come += 1 } else { dropped += Int(line.prefix { $0.isNumber }) ?? 0 }
      }
    }
    #expect(come + dropped == 2_000)
    // A pipe holds 64 KiB: more cannot have come before somebody read.
    #expect(dropped > 1_000)
  }

  @Test func foreignTextMakesNoLinesOfItsOwn() {
    var ends: [Int32] = [-1, -1]
    pipe(&ends)
    defer { close(ends[0]) }
    let queue = LogQueue(descriptor: ends[1])
    queue.log("esc\u{1B}[2J\nforged")
    queue.finish(within: 60_000)
    close(ends[1])
    var chunk = [UInt8](repeating: 0, count: 4096)
    let count = read(ends[0], &chunk, chunk.count)
    #expect(String(decoding: chunk[..<max(0, count)], as: UTF8.self) == "esc\\u{1b}[2J\\nforged\n")
  }

  @Test func whatAProcessSaysComesInLines() {
    var lines = OutputLines()
    #expect(lines.take("one\ntw".utf8, at: 0) == ["one"])
    #expect(lines.take("o\n\n".utf8, at: 1) == ["two"])
    let long = String(repeating: "x", count: OutputLines.longestLine + 3)
    #expect(lines.take((long + "\n").utf8, at: 2) == [String(long.dropLast(3)), "xxx"])
    #expect(lines.take("last".utf8, at: 3) == [])
    #expect(lines.end() == ["last"])
  }

  @Test func whatIsTooMuchForASecondIsCounted() {
    var lines = OutputLines()
    let line = String(repeating: "x", count: 255) + "\n"
    let most = OutputLines.bytesPerSecond / 255
    #expect(lines.take(String(repeating: line, count: 100).utf8, at: 0).count == most)
    #expect(lines.isWaiting)
    #expect(lines.due(at: 999_999) == [])
    #expect(lines.due(at: 1_000_000) == ["(\(100 - most) more lines in that second)"])
    #expect(!lines.isWaiting)
    #expect(lines.take("next\n".utf8, at: 1_000_001) == ["next"])
  }

  @Test func whoNeverStopsWaits() {
    var lines = OutputLines()
    _ = lines.take(repeatElement(UInt8(ascii: "x"), count: OutputLines.mostPerSecond), at: 0)
    #expect(lines.isFull && lines.isWaiting)
    _ = lines.due(at: 1_000_000)
    #expect(!lines.isFull)
  }

  @Test func crashReportsAreFewAndCannotBeMistaken() throws {
    var template = Array("/tmp/thenar-crashes-XXXXXX".utf8CString)
    let folder = try #require(mkdtemp(&template).map { String(cString: $0) })
    defer { rmdir(folder) }
    let reports = CrashReports(directory: folder)
    var paths: [String] = []
    for number in 0...CrashReports.most {
      paths.append(try #require(reports.keep(["Crashed by signal \(number)", "at \u{1b}[2J"], of: "the \(number)/x")))
    }
    defer { for path in paths { unlink(path) } }
    #expect(paths.map { access($0, F_OK) == 0 } == [false] + [Bool](repeating: true, count: CrashReports.most))
    #expect(paths[7].hasPrefix("\(folder)/the-7-x-"))
    let file = try #require(fopen(paths[7], "r"))
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 100)
    let count = fread(&bytes, 1, bytes.count, file)
    #expect(String(decoding: bytes[..<count], as: UTF8.self) == "Crashed by signal 7\nat \\u{1b}[2J\n")
    #expect(CrashReports(directory: "/nowhere").keep(["a"], of: "b") == nil)
  }
}
