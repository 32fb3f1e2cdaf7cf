import DriverTestKit
import Testing

@testable import ThenarClient

@Suite struct LineBufferTests {
  private func lines(_ pieces: [[UInt8]], longestLine: Int = 100) throws(ClientError) -> [String] {
    var buffer = LineBuffer(longestLine: longestLine)
    var lines: [String] = []
    for piece in pieces {
      buffer.append(piece)
      while let line = try buffer.next() { lines.append(String(decoding: line, as: UTF8.self)) }
    }
    return lines
  }

  @Test func theCutOfTheReadsMakesNoDifference() throws {
    let text = Array("{\"a\":1}\n\n{\"ü\":\"€\"}\nhalf".utf8)
    let whole = ["{\"a\":1}", "", "{\"ü\":\"€\"}"]
    #expect(try lines([text]) == whole)
    #expect(try lines(text.map { [$0] }) == whole)
    for cut in 0...text.count {
      for second in cut...text.count {
        let pieces = [Array(text[..<cut]), Array(text[cut..<second]), Array(text[second...])]
        if try lines(pieces) != whole { Issue.record("cut at \(cut) and \(second)") }
      }
    }
  }

  @Test(arguments: [1, 3, 200])
  func aLineOverTheLimitIsAnErrorHoweverItArrives(piece: Int) throws {
    func cut(_ text: String) -> [[UInt8]] {
      let bytes = Array(text.utf8)
      return stride(from: 0, to: bytes.count, by: piece).map { Array(bytes[$0..<min($0 + piece, bytes.count)]) }
    }
    #expect(try lines(cut("12345\n12345\n"), longestLine: 5) == ["12345", "12345"])
    #expect(throws: ClientError.lineTooLong) { try lines(cut("1234\n123456\n"), longestLine: 5) }
    #expect(throws: ClientError.lineTooLong) { try lines(cut("1234\n123456"), longestLine: 5) }
  }

  @Test func randomPiecesGiveTheSameLines() throws {
    var random = RepeatableRandom(seed: 7)
    for _ in 0..<20_000 {
      let text = (0..<Int.random(in: 0...30, using: &random)).map { _ in
        UInt8.random(in: 0...3, using: &random) == 0 ? 0x0A : UInt8.random(in: 0x30...0x39, using: &random)
      }
      var pieces: [[UInt8]] = []
      var rest = text[...]
      while !rest.isEmpty {
        let count = Int.random(in: 1...rest.count, using: &random)
        pieces.append(Array(rest.prefix(count)))
        rest = rest.dropFirst(count)
      }
      let expected = text.split(separator: 0x0A, omittingEmptySubsequences: false).dropLast()
        .map { String(decoding: $0, as: UTF8.self) }
      if try lines(pieces) != expected { Issue.record("\(pieces)") }
    }
  }
}
