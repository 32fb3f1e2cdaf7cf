import Readings
import WorkerLink

/// Both directions of the link; samples must read the same in place and as a message.
@_cdecl("LLVMFuzzerTestOneInput") public func test(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let input = Array(UnsafeBufferPointer(start: bytes, count: count))
  var buffer = FrameBuffer()
  buffer.append(input)
  while let frame = try? buffer.next() {
    _ = try? HubMessage(kind: frame.kind, payload: frame.payload)
    let message = try? WorkerMessage(kind: frame.kind, payload: frame.payload)
    guard frame.kind == WorkerMessage.samplesKind else { continue }
    let inPlace = frame.payload.withUnsafeBytes { (try? SamplesFrame($0)).map { WorkerMessage.samples($0.samples) } }
    precondition(written(message) == written(inPlace), "the two readers of samples do not agree")
  }
  return 0
}

/// As bytes, because a value that is not a number equals nothing.
private func written(_ message: WorkerMessage?) -> [UInt8]? {
  guard let message else { return nil }
  var writer = ByteWriter()
  message.write(to: &writer)
  return writer.bytes
}
