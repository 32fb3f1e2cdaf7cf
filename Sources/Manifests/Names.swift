/// Whether a text can be a module's id: `[a-z0-9-]{2,32}`, words joined by single hyphens.
package func isModuleID(_ text: String) -> Bool { (2...32).contains(text.utf8.count) && isKebab(text) }

/// Most characters of a device's name in the stream.
package let longestDeviceName = 48

/// Whether a text can be a device's name in the stream: `[a-z0-9-]{1,48}`, words joined by single hyphens.
package func isDeviceName(_ text: String) -> Bool {
  (1...longestDeviceName).contains(text.utf8.count) && isKebab(text)
}

/// Whether a text can name a channel, a command or a setting: `[A-Za-z0-9_-]{1,32}`.
package func isTopicName(_ text: String) -> Bool {
  (1...32).contains(text.utf8.count)
    && text.utf8.allSatisfy { isLowerCaseOrDigit($0 | 0x20) || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_") }
}

private func isKebab(_ text: String) -> Bool {
  text.split(separator: "-", omittingEmptySubsequences: false).allSatisfy { word in
    !word.isEmpty && word.utf8.allSatisfy(isLowerCaseOrDigit)
  }
}

private func isLowerCaseOrDigit(_ byte: UInt8) -> Bool {
  (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
}
