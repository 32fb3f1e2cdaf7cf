package import CThenarDriver
package import Readings

/// Lends an identity to C for the length of a call.
package func withLent(_ identity: Identity, _ body: (UnsafePointer<thenar_identity>) -> Void) {
  withLentTexts([identity.vendor, identity.model, identity.serial, identity.firmware]) { texts in
    var it = thenar_identity(
      struct_size: UInt32(MemoryLayout<thenar_identity>.size), vendor: texts[0], model: texts[1], serial: texts[2],
      firmware: texts[3], battery_percent: identity.batteryPercent ?? .nan)
    body(&it)
  }
}

extension Identity {
  /// A checked copy of what a driver handed over.
  package init(checking identity: thenar_identity) throws(ContractBreach) {
    self.init(
      vendor: try freeText(identity.vendor, limit: ReadingLimits.identityBytes, "vendor"),
      model: try freeText(identity.model, limit: ReadingLimits.identityBytes, "model"),
      serial: try freeText(identity.serial, limit: ReadingLimits.identityBytes, "serial"),
      firmware: try freeText(identity.firmware, limit: ReadingLimits.identityBytes, "firmware"),
      batteryPercent: identity.battery_percent.isFinite ? identity.battery_percent : nil)
  }
}
