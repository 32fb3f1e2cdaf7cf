internal import CHIDAPI
internal import Glibc

/// A HID device through libhidapi.
///
/// The library shows no descriptor, so the wait is a row of short `hid_read_timeout` calls, with a look at the link
/// between them. A report that a wait finds is kept for the next `read`, with its own time.
/// `hid_write` has no variant that does not wait; the kernel ends it after 5 s at the latest.
final class HIDTransport: ReportTransport {
  /// The longest time for which the link is not looked at, in microseconds.
  private static let slice: Int64 = 20_000
  /// The longest report that hidraw hands over (HID_MAX_BUFFER_SIZE).
  private static let longestReport = 16_384

  private let node: String
  private let device: OpaquePointer
  private let claim: NodeClaim
  private let report: UnsafeMutableRawBufferPointer
  private var arrival: Arrival?
  /// Feature reports that are still to be asked for.
  private var requests: [UInt8] = []
  private var linkEntry = [pollfd()]

  init(node: String) throws(OpenFailure) {
    let claim = try NodeClaim(node)
    guard let device = hid_open_path(node) else {
      claim.release()
      throw .unopened(
        "not_a_hid_device", "\(node) does not answer like a HID device: name the hidraw node of the instrument.")
    }
    self.node = node
    self.device = device
    self.claim = claim
    report = .allocate(byteCount: Self.longestReport, alignment: 8)
  }

  deinit { report.deallocate() }

  func wait(link: Int32, timeout: Int64?) throws(ConnectionLost) -> Readiness {
    let end = timeout.map { stationTime() + max(0, $0) }
    while true {
      linkEntry[0] = pollfd(fd: link, events: Int16(POLLIN), revents: 0)
      pollDescriptors(&linkEntry, timeout: 0)
      var ready: Readiness = isReadable(linkEntry[0]) ? .link : []
      let left = end.map { max(0, $0 - stationTime()) } ?? Self.slice
      if !requests.isEmpty { ready.insert(.device) }
      if arrival == nil { arrival = try next(within: ready.isEmpty ? min(left, Self.slice) : 0) }
      if arrival != nil { ready.insert(.device) }
      if !ready.isEmpty || left == 0 { return ready }
    }
  }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws(ConnectionLost) -> Arrival? {
    if !requests.isEmpty { return try readFeature(requests.removeFirst(), into: buffer) }
    if arrival == nil { arrival = try next(within: 0) }
    guard let found = arrival else { return nil }
    arrival = nil
    let count = min(found.count, buffer.count)
    buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: report[..<count]))
    return Arrival(count: count, time: found.time)
  }

  private func next(within timeout: Int64) throws(ConnectionLost) -> Arrival? {
    errno = 0
    let count = hid_read_timeout(
      device, report.bindMemory(to: UInt8.self).baseAddress, report.count, Int32((timeout + 999) / 1000))
    let time = stationTime()
    if count > 0 { return Arrival(count: Int(count), time: time) }
    // A signal is not an unplugged instrument; an unplugged one leaves errno at 0 or EIO.
    if count == 0 || errno == EINTR { return nil }
    throw detached
  }

  func write(_ bytes: UnsafeRawBufferPointer) throws(ConnectionLost) {
    if hid_write(device, bytes.bindMemory(to: UInt8.self).baseAddress, bytes.count) < 0 { throw detached }
  }

  func requestFeature(_ report: UInt8) { requests.append(report) }

  var openFeatureRequests: Int { requests.count }

  /// The library gives the report with its id in front, 0 where reports are not numbered.
  private func readFeature(
    _ id: UInt8, into buffer: UnsafeMutableRawBufferPointer
  ) throws(ConnectionLost) -> Arrival {
    guard let bytes = buffer.bindMemory(to: UInt8.self).baseAddress, buffer.count > 1 else {
      return Arrival(count: 0, time: stationTime(), feature: id)
    }
    bytes.pointee = id
    errno = 0
    let count = hid_get_feature_report(device, bytes, buffer.count)
    if count < 0, Self.isGone(errno) { throw detached }
    return Arrival(count: max(0, Int(count)), time: stationTime(), feature: id)
  }

  func writeFeature(_ bytes: UnsafeRawBufferPointer) throws(ConnectionLost) -> Bool {
    errno = 0
    if hid_send_feature_report(device, bytes.bindMemory(to: UInt8.self).baseAddress, bytes.count) >= 0 { return true }
    if Self.isGone(errno) { throw detached }
    return false
  }

  /// An instrument refuses with EPIPE, or with silence; these say that it is no longer there.
  private static func isGone(_ code: Int32) -> Bool { [ENODEV, ENXIO, ESHUTDOWN].contains(code) }

  var hasUnsentBytes: Bool { false }

  func close() {
    hid_close(device)
    claim.release()
  }

  private var detached: ConnectionLost {
    ConnectionLost(
      code: "usb_detached", sentence: "The instrument at \(node) was unplugged or stopped answering: check its cable.")
  }
}
