import DriverTestKit
import Manifests
import Matching
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
