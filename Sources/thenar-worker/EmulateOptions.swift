internal import Worker

/// A command line that cannot be used.
struct UsageError: Error, Equatable {
  /// One plain sentence.
  var sentence: String
}

/// The options of `thenar-worker emulate`.
struct EmulateOptions {
  let library: String
  let module: String
  let setup: EmulatorSetup
  /// The place as it was given.
  let at: String
  let place: EmulatorPlace
  let diesWithParent: Bool

  init(_ arguments: ArraySlice<String>) throws(UsageError) {
    var values: [String: String] = [:]
    var diesWithParent = false
    var rest = arguments
    while let option = rest.popFirst() {
      switch option {
      case "--die-with-parent": diesWithParent = true
      case "--library", "--module", "--transport", "--at", "--settings", "--report-descriptor":
        guard let value = rest.popFirst() else { throw UsageError(sentence: "\(option) needs a value.") }
        guard values.updateValue(value, forKey: option) == nil else {
          throw UsageError(sentence: "\(option) is given twice: give it once.")
        }
      default: throw UsageError(sentence: "There is no option \(option).\n\(ThenarWorker.usage)")
      }
    }
    func needed(_ option: String) throws(UsageError) -> String {
      guard let value = values[option] else {
        throw UsageError(sentence: "\(option) is missing.\n\(ThenarWorker.usage)")
      }
      return value
    }
    library = try needed("--library")
    module = try needed("--module")
    at = try needed("--at")
    place = EmulatorPlace(at)
    self.diesWithParent = diesWithParent
    let transport = try needed("--transport")
    guard transport == "hid" || transport == "serial" else {
      throw UsageError(sentence: "--transport is \(transport): give hid or serial.")
    }
    guard let descriptor = bytes(hexadecimal: values["--report-descriptor"] ?? "") else {
      throw UsageError(sentence: "--report-descriptor is not pairs of hexadecimal digits: give it like \"06 00 ff\".")
    }
    setup = EmulatorSetup(
      isHID: transport == "hid", settings: values["--settings"] ?? "{}", reportDescriptor: descriptor)
  }
}

/// Bytes from pairs of hexadecimal digits, with or without spaces between them.
private func bytes(hexadecimal text: String) -> [UInt8]? {
  let digits = text.compactMap { $0 == " " ? nil : $0.isASCII ? $0.hexDigitValue ?? -1 : -1 }
  guard digits.count.isMultiple(of: 2), !digits.contains(-1) else { return nil }
  return stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] * 16 + digits[$0 + 1]) }
}
