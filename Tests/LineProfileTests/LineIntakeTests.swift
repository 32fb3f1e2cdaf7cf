import DriverTestKit
import Schemas
import StrictJSON
import Testing

@testable import LineProfile

/// How bytes become lines.
@Suite struct LineIntakeTests {
  /// What comes of the bytes with a framing and a checksum: texts of lines, and words for the rest.
  private func lines(_ pieces: [(String, Double)], framing: String = "{}", checksum: String? = nil, rate: Int = 1000)
    throws -> [String]
  {
    func value(_ json: String, _ schema: Schema) throws -> CheckedValue {
      try CheckedValue(try JSONNode(parsing: Array(json.utf8), limits: .file), schema, at: "")
    }
    let check = try checksum.map { try Checksum(try value($0, Checksum.schema)) }
    var intake = LineIntake(
      framing: Framing(try value(framing, Framing.schema)), checksum: check, linesPerSecond: rate)
    intake.open(at: 0)
    var result: [String] = []
    for (text, seconds) in pieces {
      let bytes = text.unicodeScalars.map { UInt8($0.value) }
      var next = 0
      while let outcome = intake.take(bytes.span, from: &next, at: Int64(seconds * 1e6)) {
        switch outcome {
        case .line: result.append(asciiText(intake.line.bytes[intake.line.text]))
        case .damaged(let damage): result.append("(\(damage))")
        case .partial: result.append("(partial)")
        }
      }
    }
    return result
  }

  @Test(arguments: [
    (#"{}"#, "a\r\nb\nc\rd\n\re", ["a", "b", "c", "d"]),
    (#"{"terminators": ["\n"]}"#, "a\r\n\r\n b \nc\rd\n", ["a", "b", "c\u{FFFD}d"]),
    (#"{"terminators": ["\r"], "trim": false}"#, " a \r\nb \r", [" a ", "b "]),
    (#"{"terminators": [";", "\n"]}"#, "a;b\n;c", ["a", "b"]),
    (#"{"case_fold": true}"#, "start 1z\n", ["START 1Z"]),
    (#"{"max_length": 4}"#, "abcd\nabcde\nabcdefghijkl\nxy\n", ["abcd", "(overlong)", "(overlong)", "xy"]),
    (#"{"encoding": "ascii-lossy"}"#, "1\u{B2}3\u{0}\t4\n", ["1\u{FFFD}3\u{FFFD}\t4"]),
    (#"{"kind": "fixed", "length": 3}"#, "abcdefgh", ["abc", "def"]),
    (#"{"kind": "start_end"}"#, "x\u{2}ab\u{3}y\n\u{2}c\u{2}de\u{3}", ["ab", "(partial)", "de"]),
    (#"{"kind": "start_end", "start": "<", "end": ">"}"#, "a><b><><cd", ["b"]),
  ]) func bytesBecomeLines(framing: String, text: String, expected: [String]) throws {
    #expect(try lines([(text, 1)], framing: framing) == expected)
    #expect(try lines(text.unicodeScalars.map { (String($0), 1) }, framing: framing) == expected)
  }

  @Test func aPauseEndsAnIncompleteLineOfFixedLength() throws {
    let framing = #"{"kind": "fixed", "length": 3, "gap_ms": 20}"#
    #expect(try lines([("ab", 1), ("cde", 1.03), ("f", 1.04)], framing: framing) == ["(partial)", "cde"])
  }

  @Test func aLineOfFixedLengthIsFoundAgainByItsChecksum() throws {
    // "12" + (0x40 + 3) and "90" + (0x40 + 9), the first two bytes of the stream lost.
    let found = try lines(
      [("C90I12C", 1)], framing: #"{"kind": "fixed", "length": 3}"#, checksum: #"{"kind": "sum8+0x40"}"#)
    #expect(found == ["(checksum)", "90", "12"])
  }

  @Test func halfALineAtTheBeginningIsNotGuessedAt() throws {
    #expect(try lines([("345\n678\n", 0.02)]) == ["(partial)", "678"])
    #expect(try lines([("345\n678\n", 0.06)]) == ["345", "678"])
    #expect(try lines([("12*03\n", 0.02)], checksum: #"{"kind": "xor8", "separator": "*"}"#) == ["12"])
  }

  @Test func tooManyLinesAreDroppedAndLaterOnesAreNot() throws {
    let burst = String(repeating: "a\n", count: 7)
    #expect(
      try lines([(burst, 1), ("b\n", 1.1), ("c\n", 1.3)], rate: 5)
        == ["a", "a", "a", "a", "a", "(tooMany)", "(tooMany)", "(tooMany)", "c"])
  }

  @Test(arguments: [
    (ChecksumKind.xor8, "H,PEGBOARD,1,9,fw1.0,sn0001", "46"), (.sum8, "123456789", "DD"), (.digitSum, "00517", "M"),
    (.nibbles, " 0001 C0  15:43:49.8863 00", ">9"), (.hexSum16, "AK F", "00F2"),
    (.hexSum16, "TN 0003 0001 01 12:11:03.73200 00000", "06DD"), (.crc8Maxim, "123456789", "A1"),
    (.crc16CCITT, "123456789", "29B1"), (.crc16ARC, "123456789", "BB3D"), (.none, "1", ""),
  ]) func checksumsAreThoseOfTheirDocuments(kind: ChecksumKind, text: String, expected: String) {
    let characters = expected.utf8.reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
    #expect(kind.characters(over: Array(text.utf8)[...]) == characters)
  }

  @Test func aDigitSumIsOfDigitsOnly() {
    #expect(ChecksumKind.digitSum.characters(over: Array("12x".utf8)[...]) == nil)
    #expect(ChecksumKind.digitSum.characters(over: [UInt8](repeating: 0x39, count: 30)[...]) == nil)
  }

  @Test(arguments: [
    (
      #"{"kind": "xor8", "separator": "*"}"#, "ab*03\nab*04\nab*O3\nab\nb*62\n*00\na*b*03\n",
      ["ab", "(checksum)", "(checksum)", "(checksum)", "b", "(checksum)", "(checksum)"]
    ),
    (
      #"{"kind": "xor8", "separator": "*", "required": false}"#, "ab*03\nab\nab*0\na*b\n",
      ["ab", "ab", "(checksum)", "(checksum)"]
    ),
    (#"{"kind": "xor8", "separator": "*", "from": 1}"#, "$ab*03\n", ["$ab"]),
    (#"{"kind": "crc16-arc", "separator": " "}"#, "123456789 bb3d\n", ["123456789"]),
    (#"{"kind": "sum8", "length": 3}"#, "abc26\nabcd8A\n", ["abc", "(checksum)"]),
    (#"{"kind": "sum8", "length": 3, "required": false}"#, "abc26\nabc27\nabcd\n", ["abc", "(checksum)", "abcd"]),
  ]) func checksumsAreCheckedAndTakenOff(checksum: String, text: String, expected: [String]) throws {
    #expect(try lines([(text, 1)], checksum: checksum) == expected)
  }

  @Test(arguments: [
    (TimeFormat.microseconds, "19847012", 19_847_012), (.milliseconds, "25817", 25_817_000),
    (.milliseconds, "12.5", 12_500), (.seconds, "2.345", 2_345_000), (.seconds, "7", 7_000_000),
    (.seconds, "0.1234567", 123_456), (.hours, "15:43:49.8863", 56_629_886_300), (.hours, "00:00:24.81   ", 24_810_000),
    (.hours, "23:59:59,9", 86_399_900_000), (.minutes, "1:05.27", 65_270_000), (.minutes, "75:00.00", 4_500_000_000),
    (.microseconds, "9007199254740992", 9_007_199_254_740_992),
  ]) func timesAreReadExactly(format: TimeFormat, text: String, expected: Int64) {
    #expect(format.microseconds(Array(text.utf8).span) == expected)
  }

  @Test(arguments: [
    (TimeFormat.microseconds, "9007199254740993"), (.milliseconds, "9999999999999999"), (.seconds, "1:05"),
    (.minutes, "65.27"), (.hours, "1:05.27"), (.hours, "10:60:00"), (.hours, "10:00:60"), (.seconds, ""),
    (.seconds, ".5"), (.seconds, "1.2.3"), (.seconds, "-1"), (.seconds, "1 2"), (.minutes, ":05.27"),
    (.seconds, "1e3"), (.minutes, "1.5:05"), (.hours, "99999999999:00:00"), (.seconds, "1\u{FFFD}3"),
  ]) func whatIsNoTimeIsNotRead(format: TimeFormat, text: String) {
    #expect(format.microseconds(Array(text.utf8).span) == nil)
  }
}
