import Consumers
import DriverTestKit
import Testing

extension Outbox {
  fileprivate mutating func take(_ most: Int) -> [UInt8] {
    let bytes = withFirst { Array($0.prefix(most)) } ?? []
    if !bytes.isEmpty { sent(bytes.count) }
    return bytes
  }
}

@Suite struct OutboxTests {
  @Test(arguments: 1...10 as ClosedRange<UInt64>) func whatGoesInComesOutOnceAndInOrder(_ seed: UInt64) {
    var random = RepeatableRandom(seed: seed)
    var outbox = Outbox()
    var (sent, got): ([UInt8], [UInt8]) = ([], [])
    for turn in 0..<3_000 {
      if Int.random(in: 0..<2, using: &random) == 0 {
        let piece = [UInt8](repeating: UInt8(truncatingIfNeeded: turn), count: Int.random(in: 0...40, using: &random))
        outbox.append(piece)
        sent += piece
      } else {
        got += outbox.take(Int.random(in: 1...60, using: &random))
      }
      #expect(outbox.byteCount == sent.count - got.count && outbox.isEmpty == (outbox.byteCount == 0))
    }
    while !outbox.isEmpty { got += outbox.take(7) }
    #expect(got == sent && outbox.withFirst { $0.count } == nil)
  }

  @Test func whatIsOutIsNotHeld() throws {
    var outbox = Outbox()
    for turn in 0..<10_000 {
      outbox.append([UInt8](repeating: 1, count: 10))
      if turn > 5 { _ = outbox.take(10) }
    }
    let pieces = try #require(Mirror(reflecting: outbox).children.first { $0.label == "pieces" }?.value as? [[UInt8]])
    #expect(pieces.count < 200)
    outbox.clear()
    #expect(outbox.isEmpty)
  }
}
