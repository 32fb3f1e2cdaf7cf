import StrictJSON

extension ModuleManifest {
  /// Reads the text of a `driver.json`; `file` is its path, for messages.
  package init(parsing text: [UInt8], file: String) throws(DocumentProblem) {
    let root: JSONNode
    do { root = try JSONNode(parsing: text, limits: .file) } catch { throw DocumentProblem(file: file, error) }
    // Before everything else: a manifest for another ABI may have keys that we do not know.
    if let node = root["abi"], let abi = node.integer, abi != Self.supportedABI {
      throw DocumentProblem(
        file: file, line: node.line, key: "abi",
        problem: "is \(abi): the module was made for driver ABI \(abi) and this Thenar speaks \(Self.supportedABI); "
          + "rebuild the module for it or update Thenar")
    }
    do { try self.init(root) } catch { throw DocumentProblem(file: file, error, schema: "driver.schema.json") }
  }

  private init(_ root: JSONNode) throws(JSONMismatch) {
    var fields = try JSONFields(root, "")
    _ = try fields.string("$schema")
    _ = try fields.required("abi")
    _ = try fields.integer("abi", in: Self.supportedABI...Self.supportedABI)
    _ = try fields.required("id")
    id = try fields.moduleID("id") ?? ""
    name = try fields.requiredText("name")
    version = try readVersion(&fields)
    library = try readLibrary(&fields)
    _ = try fields.required("transport")
    let transport = try fields.word("transport", as: Transport.self) ?? .hid
    self.transport = transport
    rules = try readRules(&fields, transport)
    serial = try readSerial(&fields, transport)
    _ = try fields.required("probe_writes")
    probeWrites = try fields.flag("probe_writes") ?? true
    channels = try readChannels(&fields)
    commands = try readTopics(&fields, "commands")
    settings = try readTopics(&fields, "settings")
    settingFiles = try readSettingFiles(&fields, known: settings)
    instruments = try readInstruments(&fields)
    emulator = try readEmulator(&fields, transport)
    try fields.end()
  }
}

private func readVersion(_ fields: inout JSONFields) throws(JSONMismatch) -> String {
  let version = try fields.requiredString("version")
  let numbers = version.split(separator: ".", omittingEmptySubsequences: false)
  let isGood =
    numbers.count == 3
    && numbers.allSatisfy { number in
      (1...9).contains(number.utf8.count)
        && number.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    }
  if !isGood { throw fields.fault("version", "must be three numbers, such as \"0.1.0\"") }
  return version
}

private func readLibrary(_ fields: inout JSONFields) throws(JSONMismatch) -> String {
  let library = try fields.requiredText("library")
  if !isPathInside(library) {
    throw fields.fault(
      "library", "must be a file name such as \"libExample.so\", relative to the module's folder and not outside it")
  }
  return library
}

/// Whether a path stays in the folder that it is relative to.
private func isPathInside(_ path: String) -> Bool {
  path.split(separator: "/", omittingEmptySubsequences: false).allSatisfy { !["", ".", ".."].contains($0) }
}

private func readRules(_ fields: inout JSONFields, _ transport: Transport) throws(JSONMismatch) -> [MatchRule] {
  _ = try fields.required("match")
  var rules: [MatchRule] = []
  for var entry in try fields.objects("match") {
    let vendor = try entry.usbHalf("usb_vendor")
    let product = try entry.usbHalf("usb_product")
    let page = try entry.usageNumber("usage_page")
    let usage = try entry.usageNumber("usage")
    try entry.end()
    if vendor != nil, product == nil { throw entry.fault("usb_product", "is missing beside \"usb_vendor\"; add it") }
    if product != nil, vendor == nil { throw entry.fault("usb_vendor", "is missing beside \"usb_product\"; add it") }
    if usage != nil, page == nil { throw entry.fault("usage_page", "is missing beside \"usage\"; add it") }
    if page != nil, transport == .serial {
      throw entry.fault("usage_page", "is for HID modules and this one is serial; take it out")
    }
    let usb = vendor.flatMap { vendor in product.map { USBID(vendor: vendor, product: $0) } }
    if usb == nil, page == nil {
      throw JSONMismatch(line: entry.line, key: entry.path, problem: "must have a USB id or a usage page")
    }
    let rule = MatchRule(usb: usb, usagePage: page, usage: usage)
    if rules.contains(rule) {
      throw JSONMismatch(line: entry.line, key: entry.path, problem: "says the same as an entry before it; take it out")
    }
    rules.append(rule)
  }
  return rules
}

private func readSerial(
  _ fields: inout JSONFields, _ transport: Transport
) throws(JSONMismatch) -> SerialSettings? {
  guard var line = try fields.object("serial") else { return nil }
  if transport == .hid { throw fields.fault("serial", "is for serial modules and this one is HID; take it out") }
  _ = try line.required("baud")
  let settings = SerialSettings(
    baud: Int(try line.integer("baud", in: 50...4_000_000) ?? 0),
    dataBits: Int(try line.integer("data_bits", in: 5...8) ?? 8),
    parity: try line.word("parity", as: SerialSettings.Parity.self) ?? .none,
    stopBits: Int(try line.integer("stop_bits", in: 1...2) ?? 1), dtr: try line.flag("dtr") ?? true,
    rts: try line.flag("rts") ?? true)
  try line.end()
  return settings
}

private func readChannels(_ fields: inout JSONFields) throws(JSONMismatch) -> [ManifestChannel] {
  _ = try fields.required("channels")
  var channels: [ManifestChannel] = []
  for var entry in try fields.objects("channels") {
    let name = try readName(&entry, taken: channels.map(\.name))
    channels.append(
      ManifestChannel(name: name, quantity: try entry.requiredText("quantity"), unit: try entry.requiredText("unit")))
    try entry.end()
  }
  return channels
}

private func readTopics(_ fields: inout JSONFields, _ key: String) throws(JSONMismatch) -> [ManifestTopic] {
  var topics: [ManifestTopic] = []
  for var entry in try fields.objects(key) {
    let name = try readName(&entry, taken: topics.map(\.name))
    topics.append(ManifestTopic(name: name, description: try entry.requiredText("description")))
    try entry.end()
  }
  return topics
}

private func readName(_ entry: inout JSONFields, taken: [String]) throws(JSONMismatch) -> String {
  let name = try entry.requiredString("name")
  if !isTopicName(name) {
    throw entry.fault("name", "must be 1 to 32 letters, digits, \"-\" and \"_\"")
  }
  if taken.contains(name) { throw entry.fault("name", "stands in this list twice; give each its own name") }
  return name
}

private func readSettingFiles(
  _ fields: inout JSONFields, known settings: [ManifestTopic]
) throws(JSONMismatch) -> [String: String] {
  guard let node = fields.node("setting_files") else { return [:] }
  guard let members = node.members else {
    throw fields.mismatch("setting_files", node, "must be an object, not \(node.kind)")
  }
  var files: [String: String] = [:]
  for member in members {
    let key = "setting_files.\(member.key)"
    guard settings.contains(where: { $0.name == member.key }) else {
      throw JSONMismatch(line: member.node.line, key: key, problem: "is not in \"settings\"; describe it there")
    }
    guard let folder = member.node.string, isPathInside(folder) else {
      throw JSONMismatch(line: member.node.line, key: key, problem: "must be a folder inside the module's folder")
    }
    files[member.key] = folder
  }
  return files
}

private func readInstruments(_ fields: inout JSONFields) throws(JSONMismatch) -> [ManifestInstrument] {
  _ = try fields.required("instruments")
  var instruments: [ManifestInstrument] = []
  for var entry in try fields.objects("instruments") {
    instruments.append(
      ManifestInstrument(
        name: try entry.requiredText("name"), usb: try entry.usbID("usb"), evidence: try entry.requiredText("evidence")
      ))
    try entry.end()
  }
  return instruments
}

private func readEmulator(
  _ fields: inout JSONFields, _ transport: Transport
) throws(JSONMismatch) -> ManifestEmulator? {
  guard var entry = try fields.object("emulator") else { return nil }
  _ = try entry.required("usb_vendor")
  _ = try entry.required("usb_product")
  let usb = USBID(vendor: try entry.usbHalf("usb_vendor") ?? 0, product: try entry.usbHalf("usb_product") ?? 0)
  let descriptor = try entry.hexadecimalBytes("report_descriptor") ?? []
  // 4096 is the kernel's limit (HID_MAX_DESCRIPTOR_SIZE).
  if transport == .hid, !(1...4096).contains(descriptor.count) {
    throw entry.fault("report_descriptor", "must be 1 to 4096 bytes for a HID module")
  }
  if transport == .serial, !descriptor.isEmpty {
    throw entry.fault("report_descriptor", "is for HID modules and this one is serial; take it out")
  }
  let settings = entry.node("settings") ?? .emptyObject
  if settings.members == nil { throw entry.fault("settings", "must be an object, not \(settings.kind)") }
  let emulator = ManifestEmulator(
    usb: usb, manufacturer: try entry.requiredText("manufacturer"), product: try entry.requiredText("product"),
    serialNumber: try entry.text("serial"), reportDescriptor: descriptor, settings: settings)
  try entry.end()
  return emulator
}
