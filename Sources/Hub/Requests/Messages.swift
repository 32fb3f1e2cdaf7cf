package import StrictJSON

/// The line of a notification.
package func notification(_ method: StaticString, _ parameters: (inout JSONWriter) -> Void) -> [UInt8] {
  line { writer in
    writer.key("method")
    writer.beginVerbatim(method)
    writer.key("params")
    writer.beginObject()
    parameters(&writer)
    writer.endObject()
  }
}

/// The line of a reply to a request.
package func reply(to id: JSONNode, _ result: (inout JSONWriter) -> Void) -> [UInt8] {
  line { writer in
    writer.key("id")
    writer.node(id)
    writer.key("result")
    writer.beginObject()
    result(&writer)
    writer.endObject()
  }
}

/// The line of an error; `id` is `nil` where the request could not be read.
package func errorReply(to id: JSONNode?, _ error: RequestError) -> [UInt8] {
  line { writer in
    writer.key("id")
    writer.node(id ?? JSONNode(.null))
    writer.key("error")
    writer.beginObject()
    writer.key("code")
    writer.integer(error.name.code)
    writer.key("message")
    writer.string(error.sentence)
    writer.key("data")
    writer.beginObject()
    writer.key("name")
    writer.string(error.name.rawValue)
    writer.key("retry")
    writer.flag(error.name.mayRetry)
    for (key, value) in error.details {
      writer.key(key)
      writer.node(value)
    }
    writer.endObject()
    writer.endObject()
  }
}

private func line(_ body: (inout JSONWriter) -> Void) -> [UInt8] {
  var writer = JSONWriter()
  writer.beginObject()
  writer.key("jsonrpc")
  writer.string("2.0")
  body(&writer)
  writer.endObject()
  writer.newLine()
  return writer.bytes
}

extension JSONWriter {
  fileprivate mutating func beginVerbatim(_ word: StaticString) {
    word.withUTF8Buffer { string(String(decoding: $0, as: UTF8.self)) }
  }
}
