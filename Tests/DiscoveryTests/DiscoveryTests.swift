import DriverTestKit
import Modules
import Synchronization
import Testing

@testable import Discovery

@Suite struct DiscoveryTests {
  private func sighting(
    _ syspath: String, serial: String = "A", address: String = "1:5", links: [String] = [], isSettled: Bool = true
  ) -> Sighting {
    Sighting(
      device: AttachedDevice(
        transport: .serial, syspath: syspath, devnode: "/dev/ttyUSB0", links: links,
        usb: USBID(vendor: 1, product: 2), serialNumber: serial, busAddress: address), isSettled: isSettled)
  }

  @Test func aDeviceThatIsSeenTwiceIsToldOnce() {
    var present = PresentDevices()
    let device = sighting("/sys/a")
    #expect(present.replace(with: [device]) == [.attached(device.device)])
    #expect(present.see(device) == [])
    #expect(present.see(sighting("/sys/a", links: ["/dev/serial/by-id/x"])) == [])
    #expect(present.lose(syspath: "/sys/a") == [.detached(syspath: "/sys/a")])
    #expect(present.lose(syspath: "/sys/a") == [])
    #expect(present.see(device) == [.attached(device.device)])
  }

  @Test func anotherDeviceInTheSamePlaceReplacesTheOneWhoseGoingWasMissed() {
    var present = PresentDevices()
    _ = present.see(sighting("/sys/a"))
    let other = sighting("/sys/a", serial: "B")
    #expect(present.see(other) == [.detached(syspath: "/sys/a"), .attached(other.device)])
    let again = sighting("/sys/a", serial: "B", address: "1:9")
    #expect(present.see(again) == [.detached(syspath: "/sys/a"), .attached(again.device)])
  }

  @Test func linksThatUdevStillHadToMakeAreToldOnce() {
    var present = PresentDevices()
    _ = present.replace(with: [sighting("/sys/a", isSettled: false), sighting("/sys/b", isSettled: false)])
    let linked = sighting("/sys/a", links: ["/dev/serial/by-id/x"])
    #expect(present.see(linked) == [.detached(syspath: "/sys/a"), .attached(linked.device)])
    #expect(present.see(linked) == [])
    #expect(present.see(sighting("/sys/b")) == [])
  }

  @Test func afterALossTheDifferenceIsTold() {
    var present = PresentDevices()
    _ = present.replace(with: [sighting("/sys/a"), sighting("/sys/b"), sighting("/sys/c")])
    let new = sighting("/sys/d")
    let replugged = sighting("/sys/b", address: "1:7")
    #expect(
      present.replace(with: [sighting("/sys/a"), replugged, new]) == [
        .detached(syspath: "/sys/c"), .detached(syspath: "/sys/b"), .attached(replugged.device), .attached(new.device),
      ])
  }

  @Test(arguments: [
    ("0003:000008F7:00000010", Optional("08f7:0010")), ("0005:000008F7:00000010", nil), ("0003:08F7:0010", "08f7:0010"),
    ("0003:000108F7:00000010", nil), ("0003:000008F7", nil), ("", nil), ("0003:000008F7:0000001G", nil),
    ("0003:000008F7:00000010:1", nil),
  ])
  func readsHIDIdentities(_ text: String, _ usb: String?) {
    #expect(HIDIdentity(text)?.usb?.description == usb)
  }

  @Test(arguments: [("A50285BI", "A50285BI"), ("  A5 02\n\u{0}", "A5 02"), (" \u{0}", ""), ("", ""), ("é ", "é")])
  func trimsStringsOfInstruments(_ text: String, _ trimmed: String) { #expect(trimmingSpace(text) == trimmed) }

  @Test(arguments: [
    // The Go Direct's (fact sheet on HID devices, 1): page FF00.
    ("0600ff0901a101150026ff007508954009028102090395409102c0", [HIDUsage(page: 0xFF00, usage: 1)]),
    // A scale: a logical collection inside the application is none of its own.
    ("058d0920a1010930a10285017508950115000930b102c0c0", [HIDUsage(page: 0x8D, usage: 0x20)]),
    // Two collections; the second with its page in the usage, and the page of the first restored around it.
    (
      "05010902a101c0a40520b40b20008d00a1010902a100c0c0",
      [HIDUsage(page: 1, usage: 2), HIDUsage(page: 0x8D, usage: 0x20)]
    ),
    // A long item, a physical collection at the top, and damage after the first application.
    ("fe0210aabb05010901a100c00906a101c00905a1", [HIDUsage(page: 1, usage: 6)]),
    ("", []), ("05", []),
  ])
  func readsApplicationUsages(_ descriptor: String, _ usages: [HIDUsage]) {
    #expect(applicationUsages(of: bytes(hexadecimal: descriptor) ?? []) == usages)
  }

  @Test func damagedDescriptorsNeverTrap() {
    var input = RandomInput(seeds: [
      bytes(hexadecimal: "058d0920a1010930a10285017508950115000930b102c0c0") ?? [], [0xFE, 2, 0x10, 1, 2, 0xA1, 1],
    ])
    for _ in 0..<20_000 {
      let descriptor = Array(input.next().prefix(4096))
      #expect(applicationUsages(of: descriptor).count <= descriptor.count)
    }
  }

  /// Whatever is plugged into this machine; a fault here would hang or trap.
  @Test func beginsAndEnds() throws {
    let told = Mutex<[DiscoveryEvent]>([])
    let handler: @Sendable (DiscoveryEvent) -> Void = { event in told.withLock { $0.append(event) } }
    for _ in 0..<20 {
      let discovery = try DeviceDiscovery(tell: handler)
      discovery.stop()
      discovery.stop()
    }
    _ = try DeviceDiscovery(tell: handler)
    for event in told.withLock({ $0 }) {
      guard case .attached = event else {
        Issue.record("\(event) before anything was attached")
        continue
      }
    }
  }
}
