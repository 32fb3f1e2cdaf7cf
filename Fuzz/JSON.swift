import StrictJSON

/// Settings, manifests and requests.
@_cdecl("LLVMFuzzerTestOneInput") public func test(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  _ = try? JSONNode(parsing: Array(UnsafeBufferPointer(start: bytes, count: count)), limits: .file)
  return 0
}
