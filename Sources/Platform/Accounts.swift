import Glibc

/// What the machine's lists of users and groups say; may be asked by several threads at once.
enum Accounts {
  /// How a sentence names a user.
  static func userName(_ number: UInt32) -> String {
    user(number).map { "the user \($0.name)" } ?? "the user with the number \(number)"
  }

  /// How a sentence names a group.
  static func groupName(_ number: UInt32) -> String { group(number)?.name ?? "\(number)" }

  /// Whether it is the account's primary group, of the same name, without other members.
  static func isPrivateGroup(_ number: UInt32, _ owner: UInt32) -> Bool {
    guard let user = user(owner), user.group == number, let group = group(number), group.name == user.name else {
      return false
    }
    return group.members.allSatisfy { $0 == user.name }
  }

  private static func user(_ number: UInt32) -> (name: String, group: UInt32)? {
    var entry = passwd()
    var found: UnsafeMutablePointer<passwd>?
    var texts = [CChar](repeating: 0, count: 16_384)
    return texts.withUnsafeMutableBufferPointer { texts in
      guard let room = texts.baseAddress, getpwuid_r(number, &entry, room, texts.count, &found) == 0, found != nil
      else { return nil }
      return (String(cString: entry.pw_name), entry.pw_gid)
    }
  }

  private static func group(_ number: UInt32) -> (name: String, members: [String])? {
    var entry = Glibc.group()
    var found: UnsafeMutablePointer<Glibc.group>?
    var texts = [CChar](repeating: 0, count: 65_536)
    return texts.withUnsafeMutableBufferPointer { texts in
      guard let room = texts.baseAddress, getgrgid_r(number, &entry, room, texts.count, &found) == 0, found != nil
      else { return nil }
      var members: [String] = []
      var member = entry.gr_mem
      while let text = member?.pointee {
        members.append(String(cString: text))
        member = member.map { $0 + 1 }
      }
      return (String(cString: entry.gr_name), members)
    }
  }
}
