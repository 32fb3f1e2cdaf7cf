package import StrictJSON

// What the keys of driver.json and of the station's configuration have in common.
extension JSONFields {
  /// The fields of each object in a list; none when the list is absent.
  package mutating func objects(_ key: String) throws(JSONMismatch) -> [JSONFields] {
    var objects: [JSONFields] = []
    for (index, element) in try list(key).enumerated() {
      objects.append(try JSONFields(element, "\(path(of: key))[\(index)]"))
    }
    return objects
  }

  /// A text for people on one line, or `nil` when absent: 1 to 400 bytes, no control characters.
  package mutating func text(_ key: String) throws(JSONMismatch) -> String? {
    guard let text = try string(key), let node = node(key) else { return nil }
    let isPlain = text.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control }
    guard (1...400).contains(text.utf8.count), isPlain else {
      throw mismatch(key, node, "must be one line of 1 to 400 bytes without control characters")
    }
    return text
  }

  /// A text for people that must be there.
  package mutating func requiredText(_ key: String) throws(JSONMismatch) -> String {
    _ = try required(key)
    return try text(key) ?? ""
  }

  /// A string that passes a test, or `nil` when absent; `rule` says what it must be.
  package mutating func string(
    _ key: String, _ passes: (String) -> Bool, _ rule: String
  ) throws(JSONMismatch) -> String? {
    guard let text = try string(key), let node = node(key) else { return nil }
    guard passes(text) else { throw mismatch(key, node, rule) }
    return text
  }

  /// A module's id, or `nil` when absent.
  package mutating func moduleID(_ key: String) throws(JSONMismatch) -> String? {
    try string(key, isModuleID, "must be 2 to 32 lower-case letters and digits, words joined by \"-\"")
  }

  /// Half of a USB id, or `nil` when absent.
  package mutating func usbHalf(_ key: String) throws(JSONMismatch) -> UInt16? {
    try hexadecimal(key, "must be four hexadecimal digits, such as \"08f7\"") { UInt16(fourHexadecimalDigits: $0) }
  }

  /// A USB id, or `nil` when absent.
  package mutating func usbID(_ key: String) throws(JSONMismatch) -> USBID? {
    try hexadecimal(key, "must be two times four hexadecimal digits, such as \"08f7:0010\"") { USBID($0) }
  }

  /// A number in one to four hexadecimal digits, or `nil` when absent.
  package mutating func usageNumber(_ key: String) throws(JSONMismatch) -> UInt16? {
    try hexadecimal(key, "must be one to four hexadecimal digits, such as \"8d\"") { UInt16(hexadecimalDigits: $0) }
  }

  /// Bytes in hexadecimal digits, or `nil` when absent.
  package mutating func hexadecimalBytes(_ key: String) throws(JSONMismatch) -> [UInt8]? {
    try hexadecimal(key, "must be bytes of two hexadecimal digits each, such as \"06 00 ff\"", bytes(hexadecimal:))
  }

  private mutating func hexadecimal<Number>(
    _ key: String, _ rule: String, _ read: (String) -> Number?
  ) throws(JSONMismatch) -> Number? {
    guard let text = try string(key), let node = node(key) else { return nil }
    guard let number = read(text) else { throw mismatch(key, node, rule) }
    return number
  }

  /// An error about a key of this object, whether it is there or not.
  package mutating func fault(_ key: String, _ problem: String) -> JSONMismatch {
    JSONMismatch(line: node(key)?.line ?? line, key: path(of: key), problem: problem)
  }
}
