import Glibc
import StrictJSON
import ThenarClient

/// The mocked USB bus of Tests/MockBus: a program that sees instruments that are not there.
final class Bus {
  /// The program that everything starts with; `nil` where umockdev is not installed.
  static let wrapper = Build.program("umockdev-wrapper")

  let folder: TemporaryFolder
  /// The bus, whose output is that of the program on it.
  let program: Program
  private let control: LineSocket
  private var emulators: [Program] = []

  /// Starts a program on a bus of its own.
  init(_ command: [String], in folder: TemporaryFolder) throws {
    self.folder = folder
    let socket = folder.path + "/bus.sock"
    program = try Program(
      Self.wrapper ?? "umockdev-wrapper",
      ["/usr/bin/python3", Build.repository + "/Tests/MockBus/mock_bus.py", "--control", socket, "--"] + command)
    // The program on it starts after the control socket is there.
    try program.waitUntilItSays(command[0] == Build.thenar ? "Serving on" : "\n")
    control = try LineSocket(connectingTo: socket)
  }

  deinit {
    program.destroy()
    for emulator in emulators { emulator.destroy() }
  }

  /// Starts an emulated instrument; gives the path of its socket.
  func emulate(
    _ module: String, _ name: String, _ settings: String = "{}", reportDescriptor: String? = nil
  ) throws -> String {
    let socket = "\(folder.path)/\(name).sock"
    let emulator = try Program(
      Build.thenar,
      ["emulate", module, "--at", "unix:" + socket, "--settings", settings]
        + (reportDescriptor.map { ["--report-descriptor", $0] } ?? []))
    emulators.append(emulator)
    try emulator.waitUntilItSays("listens at")
    return socket
  }

  /// Something to plug in.
  struct Instrument {
    var id: String
    var port: String
    /// The number in `/dev/hidraw0`.
    var node: Int
    var serial: String
    var usb: (vendor: String, product: String)
    var maker: (manufacturer: String, name: String)
    /// Of HID instruments.
    var reportDescriptor: String?
    var emulator: String
  }

  /// Plugs an instrument in; gives the microseconds of the boot-time clock just before.
  @discardableResult func plug(_ instrument: Instrument) throws -> Int64 {
    var request: [(String, JSONNode.Value)] = [
      ("op", .string("plug")), ("id", .string(instrument.id)),
      ("kind", .string(instrument.reportDescriptor == nil ? "tty" : "hid")), ("port", .string(instrument.port)),
      ("vendor", .string(instrument.usb.vendor)), ("product", .string(instrument.usb.product)),
      ("manufacturer", .string(instrument.maker.manufacturer)), ("name", .string(instrument.maker.name)),
      ("serial", .string(instrument.serial)), ("node", .integer(Int64(instrument.node))),
      ("emulator", .string(instrument.emulator)),
    ]
    if let descriptor = instrument.reportDescriptor { request.append(("report_descriptor", .string(descriptor))) }
    return try ask(request)["at_us"]?.integer ?? 0
  }

  /// Pulls an instrument out; gives the microseconds of the boot-time clock just before.
  @discardableResult func unplug(_ id: String) throws -> Int64 {
    try ask([("op", .string("unplug")), ("id", .string(id))])["at_us"]?.integer ?? 0
  }

  /// How many programs have the node of an instrument open.
  func readers(of id: String) throws -> Int64? {
    try ask([("op", .string("state"))])["devices"]?[id]?["readers"]?.integer
  }

  /// Runs a program on the bus to its end.
  func run(_ command: [String]) throws -> (status: Int64, output: String, errors: String) {
    let process = try ask([("op", .string("run")), ("argv", .array(command.map { JSONNode(.string($0)) }))])["pid"]
    let end = try ask([
      ("op", .string("wait")), ("pid", .integer(process?.integer ?? 0)), ("timeout_s", .number(patience)),
    ])
    return (end["status"]?.integer ?? -1, end["stdout"]?.string ?? "", end["stderr"]?.string ?? "")
  }

  private func ask(_ request: [(key: String, value: JSONNode.Value)]) throws -> JSONNode {
    var writer = JSONWriter()
    writer.node(JSONNode(.object(request.map { JSONMember($0.key, JSONNode($0.value)) })))
    try control.send(writer.bytes)
    guard let line = try control.next(timeout: .seconds(patience)) else {
      throw DidNotHappen(description: "The bus did not answer.")
    }
    let answer = try JSONNode(parsing: line, limits: JSONLimits(depth: 8, bytes: 1 << 20, comments: false))
    guard answer["ok"]?.bool == true else {
      throw DidNotHappen(description: "The bus refused: \(answer["error"]?.string ?? "?")")
    }
    return answer
  }
}

/// A hub, unmodified, on a mocked bus.
final class StationOnBus {
  let bus: Bus
  private let socket: String

  init(configuration: String? = nil, _ options: [String] = []) throws {
    let folder = try TemporaryFolder()
    socket = folder.path + "/run/consumer.sock"
    let file = try configuration.map { try folder.write("thenar.json", $0) }
    bus = try Bus(
      [Build.thenar, "serve", "--socket", socket, "--state", folder.path + "/state"]
        + (file.map { ["--config", $0] } ?? []) + options, in: folder)
  }

  func consumer() throws -> Consumer { try Consumer(socket) }

  /// Ends it as the system does; says how it and all that it started ended.
  func stop() throws -> Ending {
    bus.program.signal(SIGTERM)
    return try bus.program.end()
  }
}

extension Bus.Instrument {
  /// A Vernier hand dynamometer.
  static func goDirect(_ emulator: String, serial: String, node: Int = 0, port: String = "1-1") -> Self {
    Self(
      id: serial, port: port, node: node, serial: serial, usb: ("08f7", "0010"), maker: ("Vernier", "Go Direct"),
      reportDescriptor: "06 00 ff 09 01 a1 01 15 00 26 ff 00 75 08 95 40 09 01 81 02 95 40 09 01 91 02 c0",
      emulator: emulator)
  }

  /// An FTDI adapter with something behind it.
  static func ftdi(_ emulator: String, serial: String, node: Int = 0, port: String = "1-2") -> Self {
    Self(
      id: serial, port: port, node: node, serial: serial, usb: ("0403", "6001"), maker: ("FTDI", "FT232R USB UART"),
      reportDescriptor: nil, emulator: emulator)
  }
}
