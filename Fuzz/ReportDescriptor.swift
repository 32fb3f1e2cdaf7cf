import HIDReportDescriptor

/// What a HID device says of its reports, and what a driver then looks for in it.
@_cdecl("LLVMFuzzerTestOneInput") public func test(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  guard
    let descriptor = try? HIDReportDescriptor.ReportDescriptor(
      parsing: Array(UnsafeBufferPointer(start: bytes, count: count)))
  else { return 0 }
  for field in descriptor.fields {
    _ = field.usage(of: 0)
    for usage in descriptor.applications { _ = field.elements(for: usage) }
  }
  return 0
}
