internal import Configuration
internal import Consumers
internal import Glibc

/// Looks up the names of users and groups in the configuration, once, when it is read.
struct Accounts {
  /// Names that do not exist, one sentence each.
  private(set) var problems: [String] = []

  /// The roles that the configuration gives.
  mutating func roles(_ settings: RoleSettings) -> Roles {
    var roles = Roles(owner: geteuid())
    (roles.operatorUsers, roles.operatorGroups) = look(up: settings.operators)
    let (users, groups) = look(up: settings.administrators)
    roles.adminUsers.formUnion(users)
    roles.adminGroups = groups
    return roles
  }

  /// The number of a group.
  mutating func group(_ name: String) -> UInt32? {
    guard let entry = getgrnam(name) else {
      problems.append("There is no group named \"\(name)\": create it, or correct the configuration.")
      return nil
    }
    return entry.pointee.gr_gid
  }

  /// Users, and groups with their members: a peer shows only its primary group.
  private mutating func look(up members: RoleMembers) -> (users: Set<UInt32>, groups: Set<UInt32>) {
    var users = Set(members.uids)
    var groups: Set<UInt32> = []
    for name in members.users {
      if let user = user(name) {
        users.insert(user)
      } else {
        problems.append("There is no user named \"\(name)\": create the account, or correct the configuration.")
      }
    }
    for name in members.groups {
      guard let number = group(name) else { continue }
      groups.insert(number)
      var names: [String] = []
      var member = getgrnam(name)?.pointee.gr_mem
      while let text = member?.pointee {
        names.append(String(cString: text))
        member = member.map { $0 + 1 }
      }
      users.formUnion(names.compactMap(user))
    }
    return (users, groups)
  }

  private func user(_ name: String) -> UInt32? { getpwnam(name)?.pointee.pw_uid }
}
