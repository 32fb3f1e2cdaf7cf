package import StrictJSON

/// The four kinds of line: JSON-RPC 2.0 objects, one to a line, with their newline.
extension Telling {
  /// The line of its notification.
  package var line: [UInt8] { wireLine { $0.notification(self) } }
}

extension JSONWriter {
  /// Something that the hub tells.
  package mutating func notification<Told: Telling>(_ told: Told) {
    envelope { writer in
      writer.key("method")
      writer.word(Told.method)
      writer.object("params") { told.write(to: &$0) }
    }
  }

  /// The answer to a request.
  package mutating func reply(to id: JSONNode, _ result: some WireObject) {
    envelope { writer in
      writer.key("id")
      writer.node(id)
      writer.object("result") { result.write(to: &$0) }
    }
  }

  /// Why a request was not carried out; without an id where it had none that could be read.
  package mutating func refusal(of id: JSONNode?, _ error: RequestError) {
    envelope { writer in
      writer.key("id")
      writer.node(id ?? JSONNode(.null))
      writer.object("error") { error.write(to: &$0) }
    }
  }

  /// A request; without an id it gets no answer. `parameters` writes the members.
  package mutating func request(_ method: String, id: JSONNode?, _ parameters: (inout JSONWriter) -> Void = { _ in }) {
    envelope { writer in
      if let id {
        writer.key("id")
        writer.node(id)
      }
      writer.member("method", method)
      writer.object("params", parameters)
    }
  }

  private mutating func envelope(_ body: (inout JSONWriter) -> Void) {
    beginObject()
    key("jsonrpc")
    word("2.0")
    body(&self)
    endObject()
    newLine()
  }
}

/// One line, made by itself.
package func wireLine(_ write: (inout JSONWriter) -> Void) -> [UInt8] {
  var writer = JSONWriter(capacity: 1024)
  write(&writer)
  return writer.bytes
}
