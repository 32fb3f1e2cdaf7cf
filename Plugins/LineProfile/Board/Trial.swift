internal import DriverKit

/// The trial that is running.
struct Trial {
  let startTime: Microseconds
  /// On the instrument's clock.
  let startDeviceTime: Microseconds?
  /// The value of the profile's trial field, if the start had one.
  let number: String?
  private var splits: Int64 = 0
  private var orders: [String: Int64] = [:]
  /// Lines that were lost while it ran: what they said is missing.
  var lostLines: Int64 = 0
  /// The state of the holes showed that a line was lost of which nothing else is known.
  var wasReconciled = false

  init(startTime: Microseconds, startDeviceTime: Microseconds?, number: String?) {
    self.startTime = startTime
    self.startDeviceTime = startDeviceTime
    self.number = number
  }

  /// Microseconds since the start: on the instrument's clock if both ends have a time on it.
  func elapsed(at time: Microseconds, deviceTime: Microseconds?) -> Microseconds {
    if let deviceTime, let startDeviceTime { return deviceTime - startDeviceTime }
    return time - startTime
  }

  /// The next split's number, from 1.
  mutating func nextSplit() -> Int64 {
    splits += 1
    return splits
  }

  /// The next number, from 1, of an event of this name.
  mutating func nextOrder(of event: String) -> Int64 {
    orders[event, default: 0] += 1
    return orders[event, default: 0]
  }
}
