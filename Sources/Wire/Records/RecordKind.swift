/// What a record of the stream is about.
public enum RecordKind: String, CaseIterable, Sendable {
  /// A batch of samples of one channel.
  case measurement
  /// Something that happened.
  case event
  /// What one trial came to.
  case result
  /// A device changed its state.
  case device
  /// Samples that were lost before they reached the station.
  case gap
}
