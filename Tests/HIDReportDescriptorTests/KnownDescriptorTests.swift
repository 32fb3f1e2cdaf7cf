import HIDReportDescriptor
import Testing

@Suite struct KnownDescriptorTests {
  @Test func pitneyBowesScale() throws {
    #expect(KnownDescriptors.pitneyBowes.count == 221)
    let descriptor = try ReportDescriptor(parsing: KnownDescriptors.pitneyBowes)
    #expect(descriptor.applications == [HIDUsage(0x8D, 0x20)])
    #expect(descriptor.hasReportIDs)
    #expect(
      descriptor.summary == [
        "feature 1 @8 1x8 array 1...10 [8d:21-2a]",
        "feature 1 @16 1x8 array 1...12 [8d:51-5c]",
        "output 2 @8 2x1 variable 0...1 [8d:81 8d:80]",
        "output 2 @10 1x6 constant 0...1 []",
        "input 3 @8 1x8 array 1...8 [8d:71-78]",
        "input 3 @16 1x8 array 1...12 [8d:51-5c]",
        "input 3 @24 1x8 variable -127...127 [8d:41]",
        "input 3 @32 1x16 variable 0...65535 [8d:40]",
        "feature 5 @8 1x8 array 1...12 [8d:51-5c]",
        "feature 5 @16 1x8 variable -127...127 [8d:41]",
        "feature 5 @24 1x16 constant 0...65535 [8d:40]",
        "feature 6 @8 2x16 constant 0...65535 [8d:60 8d:61]",
        "feature 7 @8 15x8 variable 0...127 [8d:40]",
      ])
    #expect(descriptor.reports.map(\.byteCount) == [3, 2, 6, 5, 5, 16])
    let status = try #require(descriptor.report(.input, id: 3)?.fields.first)
    #expect(status.path.map(\.usage?.description) == ["8d:20", "8d:32", "8d:70"])
    #expect(status.path.map(\.type) == [ReportCollection.applicationType, 2, 2])
    let scaleClass = try #require(descriptor.report(.feature, id: 1)?.fields.first)
    #expect(scaleClass.path.last?.usage == HIDUsage(0x8D, 0x27))
  }

  @Test func minimalScale() throws {
    #expect(KnownDescriptors.scale.count == 133)
    let descriptor = try ReportDescriptor(parsing: KnownDescriptors.scale)
    #expect(descriptor.applications == [HIDUsage(0x8D, 0x20)])
    #expect(
      descriptor.summary == [
        "feature 1 @8 1x8 array 1...10 [8d:21-2a]",
        "feature 1 @16 1x8 array 1...12 [8d:51-5c]",
        "output 2 @8 2x1 variable 0...1 [8d:81 8d:80]",
        "output 2 @10 1x6 constant 0...1 []",
        "input 3 @8 1x8 array 1...8 [8d:71-78]",
        "input 3 @16 1x8 array 1...12 [8d:51-5c]",
        "input 3 @24 1x8 variable -127...127 [8d:41]",
        "input 3 @32 1x16 variable 0...65535 [8d:40]",
      ])
  }

  @Test func forceSensor() throws {
    #expect(KnownDescriptors.sensor.count == 192)
    let descriptor = try ReportDescriptor(parsing: KnownDescriptors.sensor)
    #expect(descriptor.applications == [HIDUsage(0x20, 0x64)])
    #expect(
      descriptor.summary == [
        "feature 1 @8 1x8 array 0...5 [20:840 20:841 20:842 20:843 20:844 20:845]",
        "feature 1 @16 1x8 array 0...5 [20:850 20:851 20:852 20:853 20:854 20:855]",
        "feature 1 @24 1x32 variable 0...2147483647 [20:30e]",
        "input 1 @8 1x8 array 0...6 [20:800 20:801 20:802 20:803 20:804 20:805 20:806]",
        "input 1 @16 1x8 array 0...5 [20:810 20:811 20:812 20:813 20:814 20:815]",
        "input 1 @24 1x32 variable -10000...100000 e111e-2 [20:494]",
      ])
    #expect(descriptor.reports.map(\.byteCount) == [7, 7])

    let report = bytes("01 01 03 39 30 00 00")
    let fields = try #require(descriptor.report(.input, id: 1)?.fields)
    #expect(fields.map { $0.number(in: report) } == [1, 3, 12345])
    #expect(fields[0].selection(of: 1) == HIDUsage(0x20, 0x801))
    #expect(fields[1].selection(of: 3) == HIDUsage(0x20, 0x813))
    #expect(timesTen(fields[2].physical(12345), toThe: fields[2].unitExponent) == 123.45)
  }

  @Test func joystickInDynes() throws {
    #expect(KnownDescriptors.joystick.count == 65)
    let descriptor = try ReportDescriptor(parsing: KnownDescriptors.joystick)
    #expect(descriptor.applications == [HIDUsage(1, 4)])
    #expect(
      descriptor.summary == [
        "input 1 @8 1x16 variable 0...1023 (0...500) e111e5 [1:31]",
        "input 1 @24 2x1 variable 0...1 [9:1-2]",
        "input 1 @26 1x6 constant 0...1 []",
      ])
    let axis = try #require(descriptor.report(.input, id: 1)?.fields.first)
    #expect(axis.number(in: bytes("01 00 02 00")) == 512)
    #expect(abs(timesTen(axis.physical(512), toThe: axis.unitExponent - 5) - 250.24) < 0.005)
  }
}
