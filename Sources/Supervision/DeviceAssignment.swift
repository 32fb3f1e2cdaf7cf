package import Wire
package import WorkerLink

/// A device that is to be driven: what the hub must know before a worker runs.
package struct DeviceAssignment: Equatable, Sendable {
  /// The device's name in the stream.
  package var name: String
  /// What it is known by: kind and value.
  package var key: DeviceIdentityKey
  /// What its worker gets.
  package var setup: WorkerSetup
  /// Maker as the bus tells it, or empty.
  package var vendor: String
  /// Product name as the bus tells it, or empty.
  package var model: String
  /// It is software, not an instrument.
  package var emulated: Bool
  /// Its return is reported by discovery; otherwise the hub tries again by itself.
  package var isDiscovered: Bool

  /// An assignment; see the properties.
  package init(
    name: String, key: DeviceIdentityKey, setup: WorkerSetup, vendor: String = "", model: String = "",
    emulated: Bool = false, isDiscovered: Bool
  ) {
    self.name = name
    self.key = key
    self.setup = setup
    self.vendor = vendor
    self.model = model
    self.emulated = emulated
    self.isDiscovered = isDiscovered
  }
}

/// What a device is known by: the stream tells of it in these words.
package typealias DeviceIdentityKey = DeviceReport.Key

/// A device that is not driven, and why.
package struct IdleDevice: Equatable, Sendable {
  /// The device's name in the stream.
  package var name: String
  /// What it is known by.
  package var key: DeviceIdentityKey
  /// `needs_consent`, `disabled` or `failed`.
  package var state: IdleState
  /// Why, in one word.
  package var reason: String
  /// Why, in one plain sentence.
  package var sentence: String
  /// What a person can do about it, or empty.
  package var fix: String
  /// Its node.
  package var node: String

  /// States in which a device is not driven.
  package enum IdleState: Sendable { case needsConsent, disabled, failed }

  /// An idle device; see the properties.
  package init(
    name: String, key: DeviceIdentityKey, state: IdleState, reason: String, sentence: String, fix: String = "",
    node: String = ""
  ) {
    self.name = name
    self.key = key
    self.state = state
    self.reason = reason
    self.sentence = sentence
    self.fix = fix
    self.node = node
  }
}
