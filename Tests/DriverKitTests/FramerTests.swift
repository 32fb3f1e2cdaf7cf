import DriverKit
import DriverTestKit
import Testing

/// Sound when its last byte is the sum of those before it.
private struct Summed: Dialect {
  func isValid(_ frame: Span<UInt8>) -> Bool {
    guard frame.count >= 2 else { return false }
    var sum: UInt8 = 0
    for index in 0..<frame.count - 1 { sum &+= frame[index] }
    return frame[frame.count - 1] == sum
  }
  func read(_ frame: Span<UInt8>) -> [UInt8]? { frame.withUnsafeBufferPointer { Array($0) } }
}

/// Sound unless it begins with `!`.
private struct Plain: Dialect {
  func isValid(_ frame: Span<UInt8>) -> Bool { !frame.isEmpty && frame[0] != UInt8(ascii: "!") }
  func read(_ frame: Span<UInt8>) -> [UInt8]? { frame.withUnsafeBufferPointer { Array($0) } }
}

private struct Found: Equatable {
  var statements: [[UInt8]] = []
  var damagedBytes = 0
  var stretches = 0
}

private func find<D: Dialect>(
  _ shape: Framer<D>.Shape, _ dialect: D, in bytes: [UInt8], pieces: Int, fromTheMiddle: Bool = false
) -> Found where D.Statement == [UInt8] {
  var framer = Framer(shape, longest: 16, dialect: dialect)
  if fromTheMiddle { framer.beginInTheMiddle() }
  var found = Found()
  for start in stride(from: 0, to: bytes.count, by: pieces) {
    let piece = Array(bytes[start..<min(start + pieces, bytes.count)])
    framer.take(piece.span) { finding in
      switch finding {
      case .statement(let statement, _): found.statements.append(statement)
      case .damage(let bytes):
        found.damagedBytes += bytes
        found.stretches += 1
      }
    }
    #expect(framer.waitingBytes <= 18)
  }
  return found
}

@Suite struct FramerTests {
  @Test func linesEndWithTheirEnds() {
    let bytes = Array("ab\n\ncd\n!x\n0123456789abcdefXYZ\nok\npart".utf8)
    let found = find(.line(ends: [10]), Plain(), in: bytes, pieces: 100)
    #expect(found.statements == ["ab", "cd", "ok"].map { Array($0.utf8) })
    #expect(found.damagedBytes == 21 && found.stretches == 2)
  }

  @Test(arguments: [1, 100]) func ofAFrameThatGrewTooLongTheNewestBytesAreRead(pieces: Int) {
    let bytes = Array("ab\n\rc\r\nd\n\r\n\r0123456789abcdefXYZ\n\r!\n\rpart".utf8)
    let found = find(.terminated(by: [10, 13]), Plain(), in: bytes, pieces: pieces)
    #expect(found.statements == ["ab", "c\r\nd", "3456789abcdefXYZ"].map { Array($0.utf8) })
    #expect(found.damagedBytes == 4)
  }

  @Test func framesOfOneLengthAreFoundAgainAfterALostByte() {
    let found = find(.fixed(length: 4), Summed(), in: [1, 2, 3, 6, 9, 1, 2, 3, 6, 2, 3, 6, 1, 1, 1, 3], pieces: 2)
    #expect(found.statements == [[1, 2, 3, 6], [1, 2, 3, 6], [1, 1, 1, 3]])
    #expect(found.damagedBytes == 4 && found.stretches == 2)
  }

  @Test func aFrameThatLostItsEndDoesNotTakeTheNextWithIt() {
    let found = find(.delimited(start: 2, ends: [3]), Plain(), in: [9, 2, 65, 3, 7, 2, 65, 2, 66, 3, 2], pieces: 1)
    #expect(found.statements == [[65], [66]])
    #expect(found.damagedBytes == 4)
  }

  @Test func aLengthThatIsDamagedIsNotWaitedFor() {
    let found = find(.lengthPrefixed(offset: 0, extra: 0), Summed(), in: [3, 4, 7, 0, 200, 4, 1, 1, 6], pieces: 2)
    #expect(found.statements == [[3, 4, 7], [4, 1, 1, 6]])
    #expect(found.damagedBytes == 2)
  }

  @Test func whatCameBeforeTheFirstFrameIsNoDamage() {
    let line = find(.line(ends: [10]), Plain(), in: Array("rest\nab\n".utf8), pieces: 3, fromTheMiddle: true)
    #expect(line == Found(statements: [Array("ab".utf8)]))
    let ended = find(.terminated(by: [10, 13]), Plain(), in: Array("r\n\rab\n\r".utf8), pieces: 1, fromTheMiddle: true)
    #expect(ended == line)
    let fixed = find(.fixed(length: 4), Summed(), in: [9, 9, 1, 2, 3, 6], pieces: 3, fromTheMiddle: true)
    #expect(fixed == Found(statements: [[1, 2, 3, 6]]))
  }

  @Test func endlessRubbishIsTold() {
    let found = find(.fixed(length: 4), Summed(), in: [UInt8](repeating: 9, count: 4000), pieces: 64)
    #expect(found.statements.isEmpty && found.damagedBytes == 3997 && found.stretches > 50)
  }

  @Test(arguments: [1, 2, 5]) func whereTheStreamIsCutIsNoMatter(_ pieces: Int) {
    var random = RepeatableRandom(seed: 5)
    for _ in 0..<5000 {
      let bytes: [UInt8] = (0..<Int.random(in: 0...60, using: &random)).map { _ in
        [2, 3, 10, 1, 4, 0x21, 5, 7].randomElement(using: &random) ?? 0
      }
      func find(_ pieces: Int) -> [[[UInt8]]] {
        [
          DriverKitTests.find(.line(ends: [10, 3]), Plain(), in: bytes, pieces: pieces).statements,
          DriverKitTests.find(.terminated(by: [10, 3]), Plain(), in: bytes, pieces: pieces).statements,
          DriverKitTests.find(.delimited(start: 2, ends: [3]), Plain(), in: bytes, pieces: pieces).statements,
          DriverKitTests.find(.fixed(length: 3), Summed(), in: bytes, pieces: pieces).statements,
          DriverKitTests.find(.lengthPrefixed(offset: 0, extra: 1), Summed(), in: bytes, pieces: pieces).statements,
        ]
      }
      #expect(find(pieces) == find(1000))
    }
  }
}
