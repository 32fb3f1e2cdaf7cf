package import Matching
package import Supervision

/// What the hub shall do with each device that is there: a value that follows from the rules, from what is attached and
/// from what is emulated.
package struct StationPlan: Equatable, Sendable {
  /// A device of the plan.
  package struct Entry: Equatable, Sendable {
    /// What is to be done.
    package var device: KnownDevice
    /// Its place in sysfs; `nil`: it is an emulator, or a path of the configuration.
    package var place: String?
    /// The key that it has in common with another device, so that it cannot have it.
    package var sharedKey: DeviceKey?
  }

  /// The devices, each with a key of its own, in the order in which they came.
  package private(set) var entries: [Entry] = []
  /// Places in sysfs where something is attached, ours or not.
  package private(set) var places: Set<String> = []
  /// Devices that were unplugged, and that the hub shows as lost, with their names.
  package private(set) var lost: [DeviceIdentityKey: String] = [:]

  /// Nothing is there.
  package init() {}

  /// The plan for what is there now. `before` is the plan that is in force, and `names` remembers what devices are
  /// called.
  package init(
    _ rules: StationRules, attached: [AttachedDevice], emulated: [EmulatedInstrument], before: StationPlan,
    names: inout DeviceNames
  ) {
    places = Set(attached.map(\.syspath))
    var planner = Planner(rules: rules, before: before, names: names)
    for instrument in emulated { planner.plan(instrument) }
    for entry in rules.devices {
      if let address = rules.files.address(entry) { planner.plan(entry, address) }
    }
    for device in attached { planner.plan(device) }
    entries = planner.entries
    names = planner.names
    lost = lost(before)
  }

  /// What was unplugged now or before and is not back. What another has taken the name of is forgotten: two devices of
  /// one name cannot be told apart.
  private func lost(_ before: StationPlan) -> [DeviceIdentityKey: String] {
    let keys = Set(entries.map(\.device.key))
    let taken = Set(entries.map(\.device.name))
    var lost = before.lost
    for entry in before.entries where entry.place.map({ !places.contains($0) }) ?? false {
      lost[entry.device.key] = entry.device.name
    }
    return lost.filter { !keys.contains($0.key) && !taken.contains($0.value) }
  }

  /// The entry of a key.
  package subscript(key: DeviceIdentityKey) -> Entry? { entries.first { $0.device.key == key } }
}

/// Something that the hub is to be told.
package enum PlanChange: Equatable, Sendable {
  /// A device is there, or is there again, and is to be driven.
  case attach(DeviceAssignment)
  /// A device that is driven is to be driven otherwise, or has another name.
  case update(DeviceAssignment)
  /// A device is there and is not driven, or no longer, or for another reason.
  case show(IdleDevice)
  /// A device was unplugged.
  case detach(DeviceIdentityKey)
  /// A device is no longer known: what emulated it is gone, the configuration does not name it any more, or it is now
  /// known by another key.
  case forget(DeviceIdentityKey)
}

extension StationPlan {
  /// What turns the plan before into this one, what ends first.
  package func changes(from before: StationPlan) -> [PlanChange] {
    var changes: [PlanChange] = []
    for key in before.entries.map(\.device.key) where self[key] == nil {
      changes.append(lost[key] == nil ? .forget(key) : .detach(key))
    }
    for key in before.lost.keys where self[key] == nil && lost[key] == nil { changes.append(.forget(key)) }
    for entry in entries {
      switch (before[entry.device.key]?.device, entry.device) {
      case (.driven(let old), .driven(let new)): if old != new { changes.append(.update(new)) }
      case (_, .driven(let new)): changes.append(.attach(new))
      case (.idle(let old), .idle(let new)): if old != new { changes.append(.show(new)) }
      case (_, .idle(let new)): changes.append(.show(new))
      }
    }
    return changes
  }
}
