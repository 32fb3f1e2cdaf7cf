import Platform
import Testing

@Suite struct SafeTextTests {
  @Test(arguments: [
    ("plain text", "plain text"), ("Prüfgerät 5 µN €", "Prüfgerät 5 µN €"), ("a\nb\r\tc", #"a\nb\r\tc"#),
    ("\u{1B}[2J\u{07}", #"\u{1b}[2J\u{7}"#), ("\u{9B}31m\u{7F}", #"\u{9b}31m\u{7f}"#),
    ("a\u{202E}b\u{2066}", #"a\u{202e}b\u{2066}"#), ("\u{2028}\u{FEFF}\u{E000}", #"\u{2028}\u{feff}\u{e000}"#),
  ])
  func whatIsNotVisibleIsWrittenOut(_ text: String, _ escaped: String) {
    #expect(SafeText.escaped(text) == escaped)
  }

  @Test func aSocketsPathHasRoomFor107Bytes() {
    #expect(UnixAddress(path: String(repeating: "a", count: 107)) != nil)
    #expect(UnixAddress(path: String(repeating: "a", count: 108)) == nil)
    #expect(UnixAddress(path: "a\0b") == nil)
  }
}
