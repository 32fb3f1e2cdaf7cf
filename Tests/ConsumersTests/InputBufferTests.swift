import Consumers
import DriverTestKit
import Testing

extension InputBuffer {
  fileprivate mutating func append(_ bytes: some Collection<UInt8>) { Array(bytes).withUnsafeBytes { append($0) } }

  fileprivate mutating func takeAll() throws -> [String] {
    var lines: [String] = []
    while let line = try nextLine() { lines.append(String(decoding: line, as: UTF8.self)) }
    return lines
  }
}

@Suite struct InputBufferTests {
  @Test(arguments: [1, 2, 3, 5, 100]) func linesAreTheSameCutAnywhere(_ piece: Int) throws {
    let text = Array("one\r\n\n\r\ntwo\n\nthr\ree\nfou".utf8)
    var input = InputBuffer(limit: 6)
    var lines: [String] = []
    for start in stride(from: 0, to: text.count, by: piece) {
      input.append(text[start..<min(start + piece, text.count)])
      lines += try input.takeAll()
    }
    #expect(lines == ["one", "two", "thr\ree"] && input.count == 3 && !input.hasLine)
  }

  /// Random lines, also empty and too long ones, cut anywhere and taken at any time: as if they had come in one piece.
  @Test(arguments: 1...30 as ClosedRange<UInt64>) func anyCutIsAsTheWhole(_ seed: UInt64) {
    var random = RepeatableRandom(seed: seed)
    let alphabet = Array("ab\r\n\n".utf8)
    let text = (0..<2_000).map { _ in alphabet[Int.random(in: 0..<alphabet.count, using: &random)] }
    let limit = Int.random(in: 3...14, using: &random)
    func run(_ cuts: () -> Int) -> (lines: [String], isTooLong: Bool) {
      var input = InputBuffer(limit: limit)
      var (lines, start) = ([String](), 0)
      while start < text.count {
        let end = min(text.count, start + cuts())
        input.append(text[start..<end])
        start = end
        do {
          #expect(input.hasLine == text[(start - input.count)..<start].contains(0x0A))
          lines += try input.takeAll()
        } catch { return (lines, true) }
      }
      return (lines, false)
    }
    let whole = run { text.count }
    for _ in 0..<5 {
      let pieces = run { Int.random(in: 1...9, using: &random) }
      #expect(pieces.isTooLong == whole.isTooLong)
      #expect(pieces.lines.starts(with: whole.lines) || whole.lines.starts(with: pieces.lines))
      if !whole.isTooLong { #expect(pieces.lines == whole.lines) }
    }
  }

  @Test func theLimitCountsTheLineAndNotItsNewline() throws {
    var input = InputBuffer(limit: 4)
    input.append("four\n".utf8)
    #expect(try input.takeAll() == ["four"])
    input.append("fives".utf8)
    #expect(throws: InputBuffer.TooLong.self) { try input.nextLine() }
    var whole = InputBuffer(limit: 4)
    whole.append("ok\nfives\n".utf8)
    #expect(try whole.nextLine() == Array("ok".utf8))
    #expect(throws: InputBuffer.TooLong.self) { try whole.nextLine() }
  }

  @Test func theRoomOfALongLineIsLetGoOf() throws {
    var input = InputBuffer(limit: 60_000)
    input.append([UInt8](repeating: 0x61, count: 50_000) + [0x0A])
    _ = try input.nextLine()
    let bytes = try #require(Mirror(reflecting: input).children.first { $0.label == "bytes" }?.value as? [UInt8])
    #expect(input.count == 0 && bytes.capacity < 1_000)
    input.append("half".utf8)
    #expect(try input.nextLine() == nil)
    input.clear()
    #expect(input.count == 0)
  }
}
