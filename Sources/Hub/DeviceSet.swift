internal import Readings
internal import Supervision
internal import Wire

/// A device that the hub knows.
enum KnownDevice {
  /// It is driven, or was until it was unplugged.
  case driven(Device)
  /// It is there and not driven.
  case idle(report: DeviceReport, sequence: UInt64)

  var report: DeviceReport {
    switch self {
    case .driven(let device): device.report
    case .idle(let report, _): report
    }
  }

  /// Number of its newest record.
  var sequence: UInt64 {
    switch self {
    case .driven(let device): device.sequence
    case .idle(_, let sequence): sequence
    }
  }
}

/// All devices that the hub knows, in the order in which they were first seen.
struct DeviceSet {
  private var devices: [DeviceIdentityKey: KnownDevice] = [:]
  private var order: [DeviceIdentityKey] = []

  subscript(key: DeviceIdentityKey) -> KnownDevice? {
    get { devices[key] }
    set {
      if newValue == nil { order.removeAll { $0 == key } } else if devices[key] == nil { order.append(key) }
      devices[key] = newValue
    }
  }

  /// All, in order.
  var all: [KnownDevice] { order.compactMap { devices[$0] } }

  /// Those that are driven, in order.
  var driven: [Device] {
    order.compactMap { key in
      if case .driven(let device)? = devices[key] { device } else { nil }
    }
  }

  /// The device of this name.
  func named(_ name: String) -> KnownDevice? {
    for key in order {
      switch devices[key] {
      case .driven(let device)? where device.assignment.name == name: return devices[key]
      case .idle(let report, _)? where report.device == name: return devices[key]
      default: break
      }
    }
    return nil
  }

  /// How many devices are in each state.
  var states: [DeviceState: UInt64] {
    var states: [DeviceState: UInt64] = [:]
    for known in devices.values {
      switch known {
      case .driven(let device): states[device.status.state, default: 0] += 1
      case .idle(let report, _): states[report.state, default: 0] += 1
      }
    }
    return states
  }
}
