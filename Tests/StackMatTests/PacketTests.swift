import DriverKit
import DriverTestKit
import Testing

@testable import StackMat

/// Packets as Plugins/StackMat/PROTOCOL.md 3 gives them.
let workedExamples: [(hex: String, packet: Packet)] = [
  ("49 30 30 30 30 30 40 0A 0D", Packet(.idle, 0, .hundredths)),
  ("4C 30 30 30 30 30 40 0A 0D", Packet(.leftHand, 0, .hundredths)),
  ("43 30 30 30 30 30 40 0A 0D", Packet(.bothHands, 0, .hundredths)),
  ("41 30 30 30 30 30 40 0A 0D", Packet(.armed, 0, .hundredths)),
  ("20 30 30 30 30 39 49 0A 0D", Packet(.running, 90, .hundredths)),
  ("20 30 30 35 31 37 4D 0A 0D", Packet(.running, 5170, .hundredths)),
  ("20 30 32 33 34 36 4F 0A 0D", Packet(.running, 23_460, .hundredths)),
  ("43 30 32 34 38 31 4F 0A 0D", Packet(.bothHands, 24_810, .hundredths)),
  ("53 30 32 34 38 31 4F 0A 0D", Packet(.stopped, 24_810, .hundredths)),
  ("20 39 35 39 39 39 69 0A 0D", Packet(.running, 599_990, .hundredths)),
  ("49 30 30 30 30 30 30 40 0A 0D", Packet(.idle, 0, .thousandths)),
  ("41 30 30 30 30 30 30 40 0A 0D", Packet(.armed, 0, .thousandths)),
  ("20 30 30 30 31 31 32 44 0A 0D", Packet(.running, 112, .thousandths)),
  ("20 30 31 38 39 33 34 59 0A 0D", Packet(.running, 18_934, .thousandths)),
  ("49 30 32 34 38 31 37 56 0A 0D", Packet(.idle, 24_817, .thousandths)),
  ("53 30 32 34 38 31 37 56 0A 0D", Packet(.stopped, 24_817, .thousandths)),
  ("49 31 30 38 31 36 39 59 0A 0D", Packet(.idle, 68_169, .thousandths)),
  ("20 39 35 39 39 39 39 72 0A 0D", Packet(.running, 599_999, .thousandths)),
]

func bytes(_ hex: String) -> [UInt8] { hex.split(separator: " ").compactMap { UInt8($0, radix: 16) } }

/// What a framer finds that knows the layout, or does not know it yet.
func findings(_ bytes: [UInt8], _ layout: PacketLayout? = nil) -> [PacketDialect.Finding] {
  var framer = PacketDialect.framer
  framer.dialect.layout = layout
  return framer.findings(bytes)
}

extension Framer<PacketDialect> {
  /// What is in bytes that come together.
  mutating func findings(_ bytes: [UInt8]) -> [PacketDialect.Finding] {
    var findings: [PacketDialect.Finding] = []
    take(bytes.span) { if case .statement(let finding, _) = $0 { findings.append(finding) } }
    return findings
  }
}

@Suite struct PacketTests {
  @Test(arguments: workedExamples) func workedExamplesReadAndWrite(hex: String, packet: Packet) {
    #expect(findings(bytes(hex)) == [.init(packet: packet)])
    #expect(packet.bytes == bytes(hex))
  }

  @Test(arguments: [
    (24_819, PacketLayout.hundredths, "S02481O"), (24_819, .thousandths, "S024819X"), (599_999, .hundredths, "S95999i"),
  ])
  func aTimeBetweenTwoStepsIsCutOff(milliseconds: Int64, layout: PacketLayout, text: String) {
    #expect(Packet(.stopped, milliseconds, layout).text == text)
  }

  @Test(arguments: [
    ("20 30 30 35 31 37 4E 0A 0D", Packet.Damage.checksum),  // 3.3 of PROTOCOL.md
    ("53 30 32 34 38 31 37 57 0A 0D", .checksum),
    ("58 30 30 30 30 30 40 0A 0D", .framing),  // no such head
    ("20 30 36 30 30 30 46 0A 0D", .framing),  // sixty seconds
    ("20 30 30 3A 30 30 4A 0A 0D", .framing),  // no digit
    ("20 30 30 30 30 30 30 30 40 0A 0D", .framing),  // too many digits
    ("40 0A 0D", .framing), ("0A 0D", .framing), ("0D 0A 0D", .framing),
  ])
  func damagedPacketsAreDropped(hex: String, damage: Packet.Damage) {
    #expect(findings(bytes(hex)) == [.init(packet: nil, damage: damage)])
  }

  @Test func noSingleBitErrorChangesATime() {
    for example in workedExamples {
      let good = bytes(example.hex)
      for bit in 0..<good.count * 8 {
        var bad = good
        bad[bit / 8] ^= 1 << UInt8(bit % 8)
        for packet in (findings(bad) + findings(bad, example.packet.layout)).compactMap(\.packet) {
          #expect(packet.milliseconds == example.packet.milliseconds, "\(example.hex), bit \(bit)")
        }
      }
    }
  }

  @Test func aPacketSurvivesBehindDamageOnceTheLayoutIsKnown() {
    let (first, second) = (workedExamples[14], workedExamples[15])
    let stream =
      bytes("30 40 0A 0D " + first.hex + " FF 00 " + second.hex) + bytes(first.hex).dropLast() + bytes(second.hex)
    let survivor = PacketDialect.Finding(packet: second.packet, damage: .framing)
    let drop = PacketDialect.Finding(packet: nil, damage: .framing)
    #expect(findings(stream, .thousandths) == [drop, .init(packet: first.packet), survivor, survivor])
    #expect(findings(stream) == [drop, .init(packet: first.packet), drop, drop])
    #expect(findings(stream, .hundredths) == [drop, drop, drop, drop])
  }

  @Test func anEndlessStreamTakesNoRoomAndEndsWithTheNextPacket() {
    var framer = PacketDialect.framer
    framer.dialect.layout = .thousandths
    for _ in 0..<100_000 { #expect(framer.findings([0x30]) == []) }
    #expect(framer.waitingBytes <= 18)
    let example = workedExamples[15]
    #expect(framer.findings(bytes(example.hex)) == [.init(packet: example.packet, damage: .framing)])
    #expect(framer.waitingBytes == 0)
  }

  @Test func randomBytesGiveNoPacketThatDoesNotWriteItself() {
    var input = RandomInput(seeds: workedExamples.map { bytes($0.hex) })
    for _ in 0..<20_000 {
      let input = input.next()
      for packet in (findings(input) + findings(input, .hundredths)).compactMap(\.packet) {
        #expect(input.firstRange(of: packet.bytes) != nil)
      }
    }
  }
}
