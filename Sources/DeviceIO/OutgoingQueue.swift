/// Bytes or reports that wait until the instrument takes them, bounded, so that an instrument that takes nothing cannot
/// stop the worker or fill its memory.
struct OutgoingQueue {
  private var messages: [[UInt8]] = []
  private var sentOfFirst = 0
  /// Bytes that wait.
  private(set) var count = 0

  var isEmpty: Bool { messages.isEmpty }

  /// Adds a message at the end.
  mutating func append(_ bytes: UnsafeRawBufferPointer) {
    messages.append(Array(bytes))
    count += bytes.count
  }

  /// Offers what waits to `send`, which says how many bytes it took: `nil` when the line broke. False: it broke.
  mutating func flush(_ send: (UnsafeRawBufferPointer) -> Int?) -> Bool {
    while let first = messages.first {
      let taken = first.withUnsafeBytes { send(UnsafeRawBufferPointer(rebasing: $0[sentOfFirst...])) }
      guard let taken else { return false }
      count -= taken
      sentOfFirst += taken
      guard sentOfFirst == first.count else { return true }
      messages.removeFirst()
      sentOfFirst = 0
    }
    return true
  }
}
