import DriverTestKit
import HIDReportDescriptor
import Testing

/// The rules of Plugins/HIDForce/PROTOCOL.md 1.2, one at a time.
@Suite struct ReportDescriptorTests {
  private func field(_ hex: String) throws -> ReportField {
    try #require(ReportDescriptor(parsing: bytes(hex)).fields.first { _ in true })
  }

  @Test(
    arguments: [
      ("25 ff", 255), ("26 ff ff", 65535), ("27 ff ff ff ff", 4_294_967_295), ("25 7f", 127), ("15 81 25 ff", -1),
      ("25 ff 15 81", -1), ("25 ff 15 00", 255),
    ] as [(String, Int64)])
  func aMaximumHasASignOnlyBelowZeroMinima(_ items: String, _ maximum: Int64) throws {
    #expect(try field("15 00 \(items) 75 08 95 01 81 02").logicalMaximum == maximum)
  }

  @Test(arguments: [
    ("55 00", 0), ("55 07", 7), ("55 08", -8), ("55 0e", -2), ("55 0f", -1), ("55 fe", -2), ("56 fe ff", -2),
    ("55 10", 16), ("57 0f 00 00 00", -1), ("54", 0),
  ])
  func exponentsComeAsNibblesAndAsSignedBytes(_ items: String, _ exponent: Int) throws {
    #expect(try field("\(items) 75 08 95 01 25 01 81 02").unitExponent == exponent)
  }

  @Test(
    arguments: [
      ("35 00 45 00", 512, 512), ("35 00 46 f4 01", 0, 0), ("35 00 46 f4 01", 1023, 500), ("35 9c 45 64", 1023, 100),
      ("35 9c 45 64", 0, -100), ("36 0c fe 46 f4 01", 341, -500 + 1000.0 / 3), ("45 ff", 1023, 255),
    ] as [(String, Int64, Double)])
  func physicalValuesLieOnALine(_ items: String, _ number: Int64, _ value: Double) throws {
    let field = try field("15 00 26 ff 03 \(items) 75 10 95 01 81 02")
    #expect(abs(field.physical(number) - value) < 1e-9)
  }

  @Test func pushAndPopCarryTheGlobals() throws {
    let descriptor = try ReportDescriptor(
      parsing: bytes("05 01 15 00 25 7f 75 08 95 01 a4 05 02 25 01 75 01 09 c4 81 02 b4 09 30 81 02"))
    #expect(descriptor.summary == ["input 0 @0 1x1 variable 0...1 [2:c4]", "input 0 @1 1x8 variable 0...127 [1:30]"])
  }

  @Test func longItemsAreSkipped() throws {
    let descriptor = try ReportDescriptor(parsing: bytes("25 01 75 08 fe 03 f0 81 02 c0 95 02 81 02 fe 00 f0"))
    #expect(descriptor.summary == ["input 0 @0 2x8 variable 0...1 []"])
  }

  @Test(arguments: [
    // A usage with a page of its own; one without takes the page that holds at the main item.
    ("05 01 0b c4 00 02 00 09 30 05 09 95 02", "[2:c4 9:30]"),
    ("05 09 29 08 19 01 95 08", "[9:1-8]"),
    // The other names between delimiters are not further controls.
    ("05 01 a9 01 09 30 09 31 19 40 29 45 a9 00 09 32 95 02", "[1:30 1:32]"),
    // Designators and strings are no usages; a minimum without a maximum is nothing.
    ("05 01 39 05 79 06 19 02 09 33 95 01", "[1:33]"),
    // A main item that is not defined takes the locals with it.
    ("05 01 09 30 d1 00 09 31 95 01", "[1:31]"),
    ("05 01 09 30 a1 00 09 31 c0 09 32 95 01", "[1:32]"),
  ])
  func usages(_ items: String, _ expected: String) throws {
    #expect(try field("25 01 75 01 \(items) 81 02").summary.hasSuffix(" " + expected))
  }

  @Test func theLastUsageGoesForAllFurtherElements() throws {
    let field = try field("05 01 25 01 75 08 95 05 09 30 09 31 09 30 81 02")
    #expect((0..<5).map { field.usage(of: $0)?.id } == [0x30, 0x31, 0x30, 0x30, 0x30])
    #expect(field.elements(for: HIDUsage(1, 0x30)) == [0..<1, 2..<5])
    #expect(field.elements(for: HIDUsage(1, 0x31)) == [1..<2])
    #expect(field.elements(for: HIDUsage(1, 0x32)) == [])
  }

  @Test func elementsBeyondTheCountAreNone() throws {
    let field = try field("05 01 25 01 75 08 95 02 1a 00 00 2a ff ff 81 02")
    #expect(field.elements(for: HIDUsage(1, 1)) == [1..<2])
    #expect(field.elements(for: HIDUsage(1, 2)) == [])
  }

  @Test(arguments: [(0, nil), (1, 0x71), (8, 0x78), (9, nil), (-1, nil)] as [(Int64, UInt16?)])
  func arraysSelectFromTheirUsages(_ number: Int64, _ selected: UInt16?) throws {
    let field = try field("05 8d 15 01 25 08 75 08 95 01 19 71 29 78 81 00")
    #expect(field.selection(of: number)?.id == selected)
  }

  @Test(
    arguments: [
      ("15 00 25 0f 75 04", 3, "10 32 54 76", 3), ("15 f8 25 07 75 04", 1, "80 00 00 00", -8),
      ("15 00 26 ff 03 75 0a", 1, "00 fc 0f 00", 1023), ("16 00 fe 26 ff 01 75 0a", 2, "00 00 f0 3f", -1),
      ("15 00 27 ff ff ff ff 75 20", 0, "ff ff ff ff", 4_294_967_295), ("15 ff 25 01 75 20", 0, "fe ff ff ff", -2),
      ("15 00 25 01 75 01", 31, "00 00 00 80", 1), ("15 00 25 01 75 01", 32, "00 00 00 80", nil),
      ("15 00 25 01 75 10", 2, "00 00 00 80", nil), ("15 00 25 01 75 21", 0, "00 00 00 00 00", nil),
      ("15 00 25 01 75 00", 0, "00", nil), ("15 00 25 01 75 08", 0, "", nil), ("15 00 25 01 75 08", -1, "00", nil),
    ] as [(String, Int, String, Int64?)])
  func numbersAreLittleEndianBits(_ items: String, _ element: Int, _ report: String, _ number: Int64?) throws {
    let field = try field("\(items) 95 20 81 02")
    #expect(field.number(element, in: bytes(report)) == number)
  }

  @Test func numbersThatArePutCanBeReadBack() throws {
    let field = try field("16 00 fe 26 ff 01 75 0a 95 03 81 02")
    var report: [UInt8] = [0xFF, 0xFF, 0xFF, 0xFF]
    #expect(field.put(-300, into: 1, of: &report))
    #expect((0..<3).map { field.number($0, in: report) } == [-1, -300, -1])
    #expect(report[3] == 0xFF)
    #expect(!field.put(1, into: 3, of: &report))
  }

  @Test func onlyTheNullStateSaysNoData() throws {
    let field = try field("15 00 25 64 75 08 95 01 81 42")
    #expect(field.flags == [.variable, .nullState])
    #expect([0, 100, 101, -1].map(field.isOutside) == [false, false, true, true])
  }

  @Test func reportsAreCountedByKindAndID() throws {
    let descriptor = try ReportDescriptor(
      parsing: bytes("25 01 75 08 95 02 85 01 81 02 91 02 85 02 81 02 85 01 81 02"))
    #expect(
      descriptor.summary == [
        "input 1 @8 2x8 variable 0...1 []", "input 1 @24 2x8 variable 0...1 []", "output 1 @8 2x8 variable 0...1 []",
        "input 2 @8 2x8 variable 0...1 []",
      ])
    #expect(descriptor.reports.map(\.byteCount) == [5, 3, 3])
    let ids = [descriptor.id(of: [2, 0].span), descriptor.id(of: [UInt8]().span)]
    #expect(ids == [2, nil])
  }

  @Test(
    arguments: [
      ("", .empty, 0), ("75", .truncatedItem, 0), ("75 08 26 ff", .truncatedItem, 2), ("fe", .truncatedItem, 0),
      ("fe 05 00 01", .truncatedItem, 0), ("c0", .collectionNotOpen, 0), ("a1 01", .collectionNotClosed, 2),
      ("b4", .nothingPushed, 0), ("85 00", .reportID, 0), ("86 00 01", .reportID, 0),
      ("19 05 29 04 81 02", .usageRange, 4), ("1b 00 00 01 00 2b ff 00 02 00 81 02", .usageRange, 10),
      ("15 05 25 04 81 02", .logicalRange, 4), ("76 01 20 96 08 00 81 03", .reportTooLong, 6),
      ("77 ff ff ff ff 97 ff ff ff ff 81 03", .reportTooLong, 10), ("97 ff ff ff ff 81 03", .reportTooLong, 5),
    ] as [(String, ReportDescriptorError.Kind, Int)])
  func errorsSayWhere(_ hex: String, _ kind: ReportDescriptorError.Kind, _ offset: Int) {
    #expect(throws: ReportDescriptorError(kind, at: offset)) { try ReportDescriptor(parsing: bytes(hex)) }
  }

  @Test(
    arguments: [
      ([UInt8](repeating: 0, count: 4097), .tooLong, 4096),
      ([UInt8](repeating: 0xA0, count: 100), .collectionsTooDeep, 32),
      ([UInt8](repeating: 0xA4, count: 100), .pushedTooOften, 16),
      ([UInt8](repeating: 0x80, count: 2000), .tooManyFields, 1024),
    ] as [([UInt8], ReportDescriptorError.Kind, Int)])
  func whatCouldGrowIsLimited(_ descriptor: [UInt8], _ kind: ReportDescriptorError.Kind, _ offset: Int) {
    #expect(throws: ReportDescriptorError(kind, at: offset)) { try ReportDescriptor(parsing: descriptor) }
  }

  @Test func sentencesAreForPeople() {
    #expect(
      ReportDescriptorError(.nothingPushed, at: 7).sentence
        == "The HID report descriptor is not usable at byte 7: it takes back state that was never put aside.")
  }

  @Test func hugeUsageRangesStayRanges() throws {
    let one: [UInt8] = bytes("1b 00 00 01 00 2b ff ff 01 00")
    let descriptor = try ReportDescriptor(
      parsing: bytes("25 01 75 01 95 01") + (0..<400).flatMap { _ in one } + bytes("81 02"))
    let field = try #require(descriptor.fields.first { _ in true })
    #expect(field.usages.count == 400)
    #expect(field.elements(for: HIDUsage(1, 0)) == [0..<1])
  }

  @Test(arguments: [
    ("8d:20", HIDUsage(0x8D, 0x20)), ("0001:0031", HIDUsage(1, 0x31)), ("20:494", HIDUsage(0x20, 0x494)),
  ])
  func usagesReadAndWriteAsText(_ text: String, _ usage: HIDUsage) {
    #expect(HIDUsage(text) == usage)
    #expect(HIDUsage(usage.description) == usage)
  }

  @Test(arguments: ["", "8d", ":", "8d:", "8d:20:1", "+1:2", "12345:1", "g:1", "1: 2"])
  func otherTextIsNoUsage(_ text: String) { #expect(HIDUsage(text) == nil) }

  @Test func damagedDescriptorsNeverTrap() {
    var inputs = RandomInput(seeds: KnownDescriptors.all)
    var parsed = 0
    for _ in 0..<20_000 {
      let bytes = inputs.next()
      guard let descriptor = try? ReportDescriptor(parsing: bytes) else { continue }
      parsed += 1
      let report = bytes.prefix(inputs.below(40))
      for field in descriptor.fields {
        let element = inputs.below(field.count + 1)
        let number = Array(report).span
        if let number = field.number(element, in: number) {
          _ = (field.physical(number), field.selection(of: number), field.usage(of: element))
        }
        _ = field.elements(for: HIDUsage(0x20, 0x494))
      }
    }
    #expect((1000..<20_000).contains(parsed), "both outcomes are met, not \(parsed) of 20,000")
  }
}
