/// What the frames of one kind of instrument mean.
///
/// A ``Framer`` finds the frames; the dialect says which of them are whole and sound, and reads those.
public protocol Dialect {
  /// What a frame says.
  associatedtype Statement

  /// The frame is whole and sound: length, checksum, whatever the instrument gives to check it by. The framer finds its
  /// way back into a stream of frames without delimiters with this alone.
  func isValid(_ frame: Span<UInt8>) -> Bool

  /// Reads a valid frame. `nil`: it says nothing that is of use here.
  func read(_ frame: Span<UInt8>) -> Statement?
}
