import DriverKit
import DriverTestKit
import FoundationEssentials
import LineProfile
import StrictJSON

/// Reads a file of the repository.
func repositoryFile(_ path: String) throws -> String {
  let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()
  return String(decoding: try Data(contentsOf: root.appending(path: path)), as: UTF8.self)
}

/// The text of a profile that the module brings.
func shipped(_ name: String) throws -> String { try repositoryFile("Plugins/LineProfile/profiles/\(name).json") }

let shippedNames = [
  "agilitycontest-chrono", "alge-timy", "espnow-debug", "peg-json", "piezo-9hpt-readings", "reference-pegboard",
]

/// A profile with the given members beside the required ones.
func profile(_ members: String) -> String {
  #"{"profile": 1, "id": "test", "title": "Test", "serial": {"baud": 9600}, \#(members)}"#
}

/// A driver with a profile, and settings beside it such as `"serial": {"baud": 4800}`.
func driver(_ profile: String, _ settings: String = "") -> DriverInstance {
  DriverInstance(
    lineProfileModule, settings: #"{"profile": \#(profile)\#(settings.isEmpty ? "" : ", " + settings)}"#)
}

/// A driver that has been opened and has settled.
func opened(_ profile: String, _ settings: String = "") -> DriverInstance {
  let instance = driver(profile, settings)
  if instance.isRefused { return instance }
  instance.start(at: 0)
  if let wake = instance.recorder.wakeTime, wake <= 2_000_000 { instance.wake(at: wake) }
  return instance
}

extension DriverInstance {
  /// Receives text; times are seconds.
  func receive(_ text: String, at seconds: Double) { receive(Array(text.utf8), at: Microseconds(seconds * 1e6)) }
}

/// A line of the reference protocol with its checksum.
func checked(_ text: String) -> String {
  let sum = text.utf8.reduce(0, ^)
  let digits = String(sum, radix: 16, uppercase: true)
  return "\(text)*\(digits.count == 1 ? "0" : "")\(digits)\n"
}

extension Recorder {
  /// Every event as one line: name, device time, quality, fields by key.
  var told: [String] {
    events.map { event in
      var words = [event.name]
      if let time = event.deviceTime { words.append("@\(time)") }
      if event.quality.contains(.inferred) { words.append("inferred") }
      if event.quality.contains(.suspect) { words.append("suspect") }
      for (key, value) in event.fields.sorted(by: { $0.key < $1.key }) where key != "text" {
        switch value {
        case .integer(let integer): words.append("\(key)=\(integer)")
        case .number(let number): words.append("\(key)=\(number)")
        case .text(let text): words.append("\(key)=\(text)")
        case .flag(let flag): words.append("\(key)=\(flag)")
        }
      }
      return words.joined(separator: " ")
    }
  }
}
