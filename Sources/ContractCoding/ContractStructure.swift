package import CThenarDriver

/// A structure of the contract, which begins with its size and may be of an older or a newer contract than ours.
package protocol ContractStructure {
  /// Bytes that it had in the first contract.
  static var firstSize: Int { get }
  /// One in which nothing is said: what stands in the fields that an older module does not have.
  static var unsaid: Self { get }
}

/// A copy of a structure that the other side handed over: what it has of ours, and nothing said in the rest.
package func structure<Structure: ContractStructure>(
  _ pointer: UnsafePointer<Structure>?
) throws(ContractBreach) -> Structure {
  guard let pointer else { throw ContractBreach("the structure is NULL") }
  let raw = UnsafeRawPointer(pointer)
  try checkAlignment(of: raw, for: Structure.self)
  let size = Int(raw.load(as: UInt32.self))
  guard size >= Structure.firstSize else {
    throw ContractBreach("struct_size is \(size), less than \(Structure.firstSize)")
  }
  // The usual case: a module of today.
  if size >= MemoryLayout<Structure>.size { return pointer.pointee }
  var copy = Structure.unsaid
  withUnsafeMutableBytes(of: &copy) { $0.copyMemory(from: UnsafeRawBufferPointer(start: raw, count: size)) }
  return copy
}

extension thenar_channel: ContractStructure {
  package static var firstSize: Int { Int(THENAR_CHANNEL_FIRST_SIZE) }
  package static var unsaid: Self {
    var channel = Self()
    (channel.minimum, channel.maximum, channel.resolution, channel.capacity) = (.nan, .nan, .nan, .nan)
    return channel
  }
}

extension thenar_samples: ContractStructure {
  package static var firstSize: Int { Int(THENAR_SAMPLES_FIRST_SIZE) }
  package static var unsaid: Self { Self() }
}

extension thenar_event: ContractStructure {
  package static var firstSize: Int { Int(THENAR_EVENT_FIRST_SIZE) }
  package static var unsaid: Self { Self() }
}

extension thenar_identity: ContractStructure {
  package static var firstSize: Int { Int(THENAR_IDENTITY_FIRST_SIZE) }
  package static var unsaid: Self {
    var identity = Self()
    identity.battery_percent = .nan
    return identity
  }
}

extension thenar_host: ContractStructure {
  package static var firstSize: Int { Int(THENAR_HOST_FIRST_SIZE) }
  package static var unsaid: Self { Self() }
}

extension thenar_emulator_host: ContractStructure {
  package static var firstSize: Int { Int(THENAR_EMULATOR_HOST_FIRST_SIZE) }
  package static var unsaid: Self { Self() }
}

extension thenar_setup: ContractStructure {
  package static var firstSize: Int { Int(THENAR_SETUP_FIRST_SIZE) }
  package static var unsaid: Self { Self() }
}

extension thenar_driver: ContractStructure {
  package static var firstSize: Int { Int(THENAR_DRIVER_FIRST_SIZE) }
  package static var unsaid: Self { Self() }
}

extension thenar_emulator: ContractStructure {
  package static var firstSize: Int { Int(THENAR_EMULATOR_FIRST_SIZE) }
  package static var unsaid: Self { Self() }
}
