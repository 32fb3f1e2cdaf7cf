import StrictJSON
import Testing

/// What the writer writes, the parser reads back as the same.
@Suite struct JSONWriterRoundTripTests {
  /// Values with a fixed seed: every kind, every escape, deep and wide, numbers of all magnitudes.
  private struct RandomValues {
    private var state: UInt64 = 0x9E37_79B9_7F4A_7C15

    mutating func bits() -> UInt64 {
      state ^= state << 13
      state ^= state >> 7
      state ^= state << 17
      return state
    }

    mutating func below(_ bound: UInt64) -> UInt64 { bits() % bound }

    mutating func string() -> String {
      let alphabet =
        (0..<0x20).compactMap(UnicodeScalar.init) + Array("\"\\/aZ0 \u{7F}\u{85}\u{202E}é漢😀".unicodeScalars)
      var text = String.UnicodeScalarView()
      for _ in 0..<below(40) { text.append(alphabet[Int(below(UInt64(alphabet.count)))]) }
      return String(text)
    }

    mutating func number() -> Double {
      switch below(4) {
      case 0: Double(Int64(below(2_000_000)) - 1_000_000) / [1, 10, 100, 1000, 1e6][Int(below(5))]
      case 1: Double(bitPattern: bits() & ~(0x7FF << 52) | (1 + below(2045)) << 52)
      case 2: Double(below(1 << 53)) / 1e6
      default: Double(below(1 << 53)) * 3.7
      }
    }

    mutating func node(depth: Int) -> JSONNode {
      switch below(depth > 0 ? 8 : 6) {
      case 0: JSONNode(.null)
      case 1: JSONNode(.bool(below(2) == 0))
      case 2: JSONNode(.integer(Int64(below(1 << 54)) - 1 << 53))
      case 3: JSONNode(.number(number()))
      case 4, 5: JSONNode(.string(string()))
      case 6: JSONNode(.array((0..<below(6)).map { _ in node(depth: depth - 1) }))
      default:
        JSONNode(.object((0..<below(6)).map { JSONMember("\($0) " + string(), node(depth: depth - 1)) }))
      }
    }
  }

  private func written(_ node: JSONNode) -> [UInt8] {
    var writer = JSONWriter(capacity: 0)
    writer.node(node)
    return writer.bytes
  }

  @Test func randomValuesComeBack() throws {
    var values = RandomValues()
    for _ in 0..<5000 {
      let node = values.node(depth: 4)
      let bytes = written(node)
      let again = try JSONNode(parsing: bytes, limits: JSONLimits(depth: 16, bytes: 1 << 20, comments: false))
      // A number without a fraction comes back as a whole one, so the texts are compared.
      #expect(written(again) == bytes)
      #expect(sameNumbers(again, node), "\(String(decoding: bytes, as: UTF8.self))")
    }
  }

  private func sameNumbers(_ a: JSONNode, _ b: JSONNode) -> Bool {
    switch (a.value, b.value) {
    case (.array(let a), .array(let b)): a.count == b.count && zip(a, b).allSatisfy { sameNumbers($0, $1) }
    case (.object(let a), .object(let b)):
      a.count == b.count && zip(a, b).allSatisfy { $0.key == $1.key && sameNumbers($0.node, $1.node) }
    default: a.number == nil ? a == b : a.number == b.number
    }
  }

  @Test func numbersReadBackAsTheSame() throws {
    var values = RandomValues()
    for _ in 0..<50_000 {
      let number = values.number()
      var writer = JSONWriter()
      writer.number(number)
      let text = String(decoding: writer.bytes, as: UTF8.self)
      if Double(text) != number { Issue.record("\(number) became \(text)") }
    }
  }

  @Test func onlyWhatJSONWantsEscapedIsEscaped() throws {
    for code in (0 as UInt32)..<0x110 {
      guard let scalar = UnicodeScalar(code) else { continue }
      let bytes = written(JSONNode(.string("a" + String(scalar))))
      let isEscaped = code < 0x20 || scalar == "\"" || scalar == "\\"
      #expect(bytes.count == 3 + (isEscaped ? (bytes[3] == UInt8(ascii: "u") ? 6 : 2) : String(scalar).utf8.count))
      #expect(try JSONNode(parsing: bytes, limits: .line).string == "a" + String(scalar))
    }
    #expect(written(JSONNode(.string("\u{7F}\u{85}\u{202E}"))) == Array("\"\u{7F}\u{85}\u{202E}\"".utf8))
  }

  @Test func integersOfAllLengths() {
    var magnitude: UInt64 = 1
    for _ in 0..<19 {
      for integer in [magnitude - 1, magnitude, magnitude + 1] {
        var writer = JSONWriter()
        writer.beginArray()
        writer.integer(integer)
        writer.integer(-Int64(integer))
        writer.endArray()
        #expect(writer.bytes == Array("[\(integer),\(-Int64(integer))]".utf8))
      }
      magnitude *= 10
    }
    var writer = JSONWriter()
    writer.integer(UInt8.max)
    #expect(writer.bytes == Array("255".utf8))
  }

  @Test func whatIsHandedOutIsJustAsLongAsWhatWasWritten() {
    var writer = JSONWriter(capacity: 1024)
    writer.string(String(repeating: "x", count: 200_000))
    writer.clear()
    writer.string("short")
    #expect(writer.bytes.capacity < 64)
    #expect(writer.count == 7)
    var room = [UInt8](repeating: 0, count: 4)
    #expect(room.withUnsafeMutableBytes { writer.copy(into: $0) } == 4)
    #expect(room == Array("\"sho".utf8))
    #expect(writer.withBytes { Array($0) } == writer.bytes)
  }

  @Test func aCopyOfAWriterGoesItsOwnWay() {
    var writer = JSONWriter()
    writer.beginArray()
    writer.integer(1)
    var other = writer
    other.integer(2)
    writer.integer(3)
    #expect(writer.bytes == Array("[1,3".utf8) && other.bytes == Array("[1,2".utf8))
  }

  @Test func verbatimTakesAnySequence() {
    var writer = JSONWriter()
    writer.beginArray()
    writer.verbatim(Array("{}".utf8))
    writer.verbatim("12".utf8)
    writer.verbatim([0x33, 0x34].lazy.map { $0 as UInt8 })
    writer.word("ok")
    writer.endArray()
    #expect(writer.bytes == Array(#"[{},12,34,"ok"]"#.utf8))
  }
}
