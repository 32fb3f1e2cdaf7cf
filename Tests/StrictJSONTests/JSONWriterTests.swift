import StrictJSON
import Testing

@Suite struct JSONWriterTests {
  private func text(_ body: (inout JSONWriter) -> Void) -> String {
    var writer = JSONWriter()
    body(&writer)
    return String(decoding: writer.bytes, as: UTF8.self)
  }

  @Test func writesObjectsWithCommasWhereTheyBelong() {
    let line = text { writer in
      writer.beginObject()
      writer.key("a")
      writer.beginArray()
      writer.integer(1)
      writer.null()
      writer.flag(true)
      writer.endArray()
      writer.key("b")
      writer.string("q\"\\\n\u{1}é")
      writer.key("c")
      writer.beginObject()
      writer.endObject()
      writer.endObject()
      writer.newLine()
    }
    #expect(line == "{\"a\":[1,null,true],\"b\":\"q\\\"\\\\\\n\\u0001é\",\"c\":{}}\n")
  }

  @Test(arguments: [
    (0.0, "0"), (-0.5, "-0.5"), (312.5, "312.5"), (100, "100"), (0.1, "0.1"), (-0.0686, "-0.0686"),
    (1.0432053, "1.0432053"), (466.79654, "466.79654"), (1e-7, "1e-07"), (.nan, "null"), (.infinity, "null"),
    (9_007_199_254_740_992, "9007199254740992.0"), (123_456_789.125, "123456789.125"), (0.000001, "0.000001"),
  ])
  func writesNumbersInTheFewestDigits(_ number: Double, _ expected: String) {
    #expect(text { $0.number(number) } == expected)
    if number.isFinite { #expect(Double(expected) == number) }
  }

  @Test func writesTheExtremesOfIntegers() {
    #expect(text { $0.integer(Int64.min) } == "-9223372036854775808")
    #expect(text { $0.integer(UInt64.max) } == "18446744073709551615")
  }
}
