internal import DriverKit
internal import Schemas

/// A command that a profile knows: what is written for it, and what comes back.
struct CommandPlan {
  private enum Piece: Equatable { case text(String), argument(String) }

  /// Most characters of one argument.
  static let maximumArgument = 64

  private var pieces: [Piece] = []
  /// The command is carried out when a line like this comes; without one, when it is written.
  var answer: LinePattern?
  /// The instrument's clock begins anew: no reset, but no trial may run either.
  var zeroesClock = false
  /// A trial that is running ends.
  var endsTrial = false

  static var schema: Schema {
    .short(
      key: "send", [.anyText],
      .part(
        "command",
        .object([
          .required("send", .name, "Text with {placeholders}."),
          SchemaField("answer", LinePattern.schema, "The command is carried out when a line matches."),
          SchemaField("zeroes_clock", .flag, "The board's clock begins anew."),
          SchemaField("ends_trial", .flag, "A trial that is running ends."),
          SchemaField("description", .anyText, "For a person."),
        ])))
  }

  init(_ value: CheckedValue) throws(JSONMismatch) {
    answer = try value["answer"]?.pattern()
    zeroesClock = value.flag("zeroes_clock") ?? false
    endsTrial = value.flag("ends_trial") ?? false
    guard let pieces = Self.pieces(of: value.text("send") ?? "") else {
      throw value.mismatch(
        "send", "must be ASCII with {placeholder} names of small letters, digits and \"_\"; write {{ for a brace")
    }
    self.pieces = pieces
  }

  private static func pieces(of text: String) -> [Piece]? {
    var pieces: [Piece] = []
    var literal = ""
    var rest = text.unicodeScalars[...]
    while let scalar = rest.popFirst() {
      if !scalar.isASCII { return nil }
      if scalar == "{" || scalar == "}", rest.first == scalar {
        rest.removeFirst()
      } else if scalar == "{" {
        guard let end = rest.firstIndex(of: "}") else { return nil }
        let name = String(rest[..<end])
        if !isFieldName(name) { return nil }
        if !literal.isEmpty { pieces.append(.text(literal)) }
        pieces.append(.argument(name))
        literal = ""
        rest = rest[rest.index(after: end)...]
        continue
      } else if scalar == "}" {
        return nil
      }
      literal.unicodeScalars.append(scalar)
    }
    return literal.isEmpty ? pieces : pieces + [.text(literal)]
  }

  /// The bytes to write, with the arguments of a JSON object put in.
  ///
  /// An argument holds printable ASCII only, so that nobody can end the line and begin a command of their own.
  func bytes(arguments: String) throws(ArgumentProblem) -> [UInt8] {
    let members: [JSONMember]
    do {
      let node = arguments.isEmpty ? .emptyObject : try JSONNode(parsing: Array(arguments.utf8), limits: .line)
      guard let object = node.members else { throw ArgumentProblem("The arguments must be a JSON object.") }
      members = object
    } catch let problem as ArgumentProblem {
      throw problem
    } catch {
      throw ArgumentProblem("The arguments are not JSON.")
    }
    var unused = Set(members.map(\.key))
    var bytes: [UInt8] = []
    for piece in pieces {
      switch piece {
      case .text(let text): bytes.append(contentsOf: text.utf8)
      case .argument(let name):
        guard let node = members.first(where: { $0.key == name })?.node else {
          throw ArgumentProblem("The command needs an argument \"\(name)\".")
        }
        guard let text = Event.Value(scalar: node)?.text, text.utf8.count <= Self.maximumArgument,
          text.utf8.allSatisfy({ (0x20...0x7E).contains($0) })
        else {
          throw ArgumentProblem(
            "The argument \"\(name)\" must be a number or at most \(Self.maximumArgument) printable ASCII characters.")
        }
        unused.remove(name)
        bytes.append(contentsOf: text.utf8)
      }
    }
    if let name = unused.min() { throw ArgumentProblem("The command has no argument \"\(name.prefix(32))\".") }
    return bytes
  }
}

/// Why a command cannot be written, as one sentence.
struct ArgumentProblem: Error, Equatable {
  let sentence: String
  init(_ sentence: String) { self.sentence = sentence }
}
