package import Manifests
import Platform
import StrictJSON

extension StationConfiguration {
  /// Reads a configuration file.
  package init(file: String) throws(DocumentProblem) {
    let text: [UInt8]
    do { text = try readSmallFile(file) } catch .untrusted(let explanation) {
      throw DocumentProblem(file: file, problem: "is not used: \(explanation)")
    } catch {
      throw DocumentProblem(
        file: file,
        problem: "cannot be read (\(error.text)); correct the path, or let the account that runs Thenar read it")
    }
    try self.init(parsing: text, file: file)
  }

  /// Reads the text of a configuration; `file` is its path, for messages.
  package init(parsing text: [UInt8], file: String) throws(DocumentProblem) {
    let root: JSONNode
    do { root = try JSONNode(parsing: text, limits: .file) } catch { throw DocumentProblem(file: file, error) }
    do { try self.init(root) } catch { throw DocumentProblem(file: file, error, schema: "configuration.schema.json") }
    self.file = file
  }

  private init(_ root: JSONNode) throws(JSONMismatch) {
    self.init()
    var fields = try JSONFields(root, "")
    _ = try fields.string("$schema")
    station = try fields.text("station")
    if var socket = try fields.object("socket") { try self.socket.read(&socket) }
    if let path = try fields.absolutePath("state_directory") { stateDirectory = path }
    if var roles = try fields.object("roles") { try self.roles.read(&roles) }
    if var modules = try fields.object("modules") { try self.modules.read(&modules) }
    devices = try readDevices(&fields)
    if var trials = try fields.object("trials") { try self.trials.read(&trials) }
    if var records = try fields.object("records") { try self.records.read(&records) }
    try fields.end()
  }
}

extension SocketSettings {
  fileprivate mutating func read(_ fields: inout JSONFields) throws(JSONMismatch) {
    if let path = try fields.absolutePath("path") {
      if path.utf8.count > UnixAddress.longestPath {
        throw fields.fault("path", "must be at most \(UnixAddress.longestPath) bytes, as sockets are limited to that")
      }
      self.path = path
    }
    group = try fields.text("group")
    if let bytes = try fields.integer("queue_bytes", in: 65_536...1_073_741_824) { queueBytes = Int(bytes) }
    try fields.end()
  }
}

extension RoleSettings {
  fileprivate mutating func read(_ fields: inout JSONFields) throws(JSONMismatch) {
    if var members = try fields.object("operator") { try operators.read(&members) }
    if var members = try fields.object("admin") { try administrators.read(&members) }
    try fields.end()
  }
}

extension RoleMembers {
  fileprivate mutating func read(_ fields: inout JSONFields) throws(JSONMismatch) {
    users = try fields.accounts("users")
    groups = try fields.accounts("groups")
    for element in try fields.list("uids") {
      // The highest uid means "no account".
      guard let uid = element.integer, let number = UInt32(exactly: uid), number < .max else {
        throw fields.mismatch("uids", element, "must hold whole numbers from 0 to 4294967294")
      }
      uids.append(number)
    }
    try fields.end()
  }
}

extension ModuleSettings {
  fileprivate mutating func read(_ fields: inout JSONFields) throws(JSONMismatch) {
    for element in try fields.list("folders") {
      guard let folder = element.string, folder.hasPrefix("/") else {
        throw fields.mismatch("folders", element, "must hold absolute paths, beginning with \"/\"")
      }
      if folders.contains(folder) {
        throw fields.mismatch("folders", element, "names \(folder) twice; take one of them out")
      }
      folders.append(folder)
    }
    for element in try fields.list("disabled") {
      guard let id = element.string, isModuleID(id) else {
        throw fields.mismatch("disabled", element, "must hold ids of modules, such as \"line-profile\"")
      }
      disabled.append(DisabledModule(id: id, line: element.line))
    }
    try fields.end()
  }
}

extension TrialSettings {
  fileprivate mutating func read(_ fields: inout JSONFields) throws(JSONMismatch) {
    if let force = try fields.number("onset_N", in: 0.1...500) { onsetNewtons = force }
    if let force = try fields.number("release_N", in: 0.05...500) { releaseNewtons = force }
    if let time = try fields.integer("onset_hold_ms", in: 0...10_000) { onsetHoldMilliseconds = Int(time) }
    if let time = try fields.integer("release_hold_ms", in: 0...10_000) { releaseHoldMilliseconds = Int(time) }
    if releaseNewtons >= onsetNewtons {
      throw fields.fault(
        fields.node("release_N") == nil ? "onset_N" : "release_N",
        "makes the release, \(releaseNewtons) N, no less than the onset, \(onsetNewtons) N, so that a trial would end as it "
          + "begins; make release_N smaller than onset_N")
    }
    try fields.end()
  }
}

extension RecordSettings {
  fileprivate mutating func read(_ fields: inout JSONFields) throws(JSONMismatch) {
    if let bytes = try fields.integer("ring_bytes", in: 65_536...1_073_741_824) { ringBytes = Int(bytes) }
    try fields.end()
  }
}

extension JSONFields {
  /// An absolute path, or `nil` when absent.
  mutating func absolutePath(_ key: String) throws(JSONMismatch) -> String? {
    guard let path = try text(key) else { return nil }
    if !path.hasPrefix("/") { throw fault(key, "must be an absolute path, beginning with \"/\"") }
    return path
  }

  fileprivate mutating func accounts(_ key: String) throws(JSONMismatch) -> [String] {
    let names = try strings(key)
    if names.contains("") { throw fault(key, "must not hold an empty name") }
    return names
  }
}
