package import Discovery
internal import Matching

/// Keeps what is attached, so that everything can be matched anew at any time, and tells the hub what has changed.
package struct DeviceDirector: Sendable {
  private let hub: any HubFace
  /// The rules that are in force.
  package private(set) var rules: StationRules
  private let emulated: [EmulatedInstrument]
  private var attached: [AttachedDevice] = []
  private var names: DeviceNames
  /// What the hub was told.
  package private(set) var plan = StationPlan()

  /// Begins with what is there without discovery.
  package init(_ rules: StationRules, emulated: [EmulatedInstrument], hub: any HubFace) {
    self.rules = rules
    self.emulated = emulated
    self.hub = hub
    names = DeviceNames(configured: rules.configuredNames)
    apply()
  }

  /// Discovery saw something.
  package mutating func take(_ event: DiscoveryEvent) {
    switch event {
    case .attached(let device):
      attached.removeAll { $0.syspath == device.syspath }
      attached.append(device)
    case .detached(let syspath): attached.removeAll { $0.syspath == syspath }
    case .failed: return
    }
    apply()
  }

  /// The configuration or the modules have changed; gives what the hub was told.
  @discardableResult package mutating func reload(_ rules: StationRules) -> [PlanChange] {
    self.rules = rules
    names.reload(configured: rules.configuredNames, given: rules.names(of: attached))
    return apply()
  }

  @discardableResult private mutating func apply() -> [PlanChange] {
    let next = StationPlan(rules, attached: attached, emulated: emulated, before: plan, names: &names)
    let changes = next.changes(from: plan)
    plan = next
    for change in changes { hub.tell(change) }
    return changes
  }
}
