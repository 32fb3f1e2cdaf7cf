public import Readings
package import StrictJSON

/// A driver module as the hub found it.
public struct DriverReport: Equatable, Sendable {
  /// A command or a setting.
  public struct Topic: Equatable, Sendable {
    /// Its name.
    public var name: String
    /// What it does.
    public var description: String

    /// A command or a setting.
    package init(name: String, description: String) {
      self.name = name
      self.description = description
    }
  }

  /// An instrument that a module is known to speak to.
  public struct Instrument: Equatable, Sendable {
    /// Its name.
    public var name: String
    /// Vendor and product, `08f7:0010`; empty where it has none of its own.
    public var usb: String
    /// What it was tried with.
    public var evidence: String

    /// An instrument.
    package init(name: String, usb: String = "", evidence: String) {
      self.name = name
      self.usb = usb
      self.evidence = evidence
    }
  }

  /// The module's id: `go-direct`. Empty where its manifest cannot be read.
  public var id = ""
  /// Its name: `Vernier Go Direct over USB`.
  public var name = ""
  /// Its version.
  public var version = ""
  /// `hid` or `serial`.
  public var transport = ""
  /// `ok`, or `refused` when the hub does not use it.
  public var state: String
  /// Why, in one plain sentence, or empty.
  public var sentence: String
  /// The file that it was read from.
  public var file: String
  /// The rules by which it takes devices, in words.
  public var matches: [String] = []
  /// The channels that it can declare: name, quantity and unit of each.
  public var channels: [Channel] = []
  /// The commands that its devices take.
  public var commands: [Topic] = []
  /// The settings that a configuration can give.
  public var settings: [Topic] = []
  /// The instruments that it knows.
  public var instruments: [Instrument] = []

  /// A module that is used; change the properties for all that is known.
  package init(id: String, name: String, version: String, transport: String, file: String) {
    self.init(refused: "", file: file)
    self.id = id
    self.name = name
    self.version = version
    self.transport = transport
    state = "ok"
  }

  /// A module of which no more is known than why it is refused.
  package init(refused sentence: String, file: String) {
    state = "refused"
    self.sentence = sentence
    self.file = file
  }
}

extension DriverReport: WireObject {
  package func write(to writer: inout JSONWriter) {
    let isKnown = !id.isEmpty
    if isKnown {
      writer.member("id", id)
      writer.member("name", name)
      writer.member("version", version)
      writer.member("transport", transport)
    }
    writer.member("state", state)
    writer.known("text", sentence)
    writer.member("file", file)
    if isKnown {
      writer.list("matches", matches) { $0.string($1) }
      writer.list("channels", channels)
      writer.list("commands", commands)
      writer.list("settings", settings)
      writer.list("instruments", instruments)
    }
  }

  package init(_ fields: JSONFields) throws(JSONMismatch) {
    var fields = fields
    id = try fields.text("id")
    name = try fields.text("name")
    version = try fields.text("version")
    transport = try fields.text("transport")
    state = try fields.requiredString("state")
    sentence = try fields.text("text")
    file = try fields.text("file")
    matches = try fields.strings("matches")
    channels = try fields.objects("channels")
    commands = try fields.objects("commands")
    settings = try fields.objects("settings")
    instruments = try fields.objects("instruments")
  }
}

extension DriverReport.Topic: WireObject {
  package func write(to writer: inout JSONWriter) {
    writer.member("name", name)
    writer.member("description", description)
  }

  package init(_ fields: JSONFields) throws(JSONMismatch) {
    var fields = fields
    name = try fields.requiredString("name")
    description = try fields.text("description")
  }
}

extension DriverReport.Instrument: WireObject {
  package func write(to writer: inout JSONWriter) {
    writer.member("name", name)
    writer.known("usb", usb)
    writer.member("evidence", evidence)
  }

  package init(_ fields: JSONFields) throws(JSONMismatch) {
    var fields = fields
    name = try fields.requiredString("name")
    usb = try fields.text("usb")
    evidence = try fields.text("evidence")
  }
}
