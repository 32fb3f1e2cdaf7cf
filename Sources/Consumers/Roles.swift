/// What a consumer may do.
package enum Role: String, Comparable, Sendable {
  /// Look: subscribe and list.
  case observer
  /// Also give commands to instruments.
  case operator_ = "operator"
  /// Also change the station.
  case admin

  /// An admin may do what an operator may, and an operator what an observer may.
  package static func < (a: Role, b: Role) -> Bool { a.rank < b.rank }

  private var rank: Int {
    switch self {
    case .observer: 0
    case .operator_: 1
    case .admin: 2
    }
  }
}

/// Who is at the other end of a connection, as the kernel says.
package struct Peer: Equatable, Sendable {
  /// Process.
  package var process: UInt32
  /// User.
  package var user: UInt32
  /// The user's primary group.
  package var group: UInt32

  /// A peer.
  package init(process: UInt32, user: UInt32, group: UInt32) {
    self.process = process
    self.user = user
    self.group = group
  }
}

/// Which users have which role. Names are looked up when the configuration is read, never when a consumer connects.
package struct Roles: Sendable {
  /// Users who are operators.
  package var operatorUsers: Set<UInt32> = []
  /// Groups whose members are operators.
  package var operatorGroups: Set<UInt32> = []
  /// Users who are admins; root and the user that runs Thenar always are.
  package var adminUsers: Set<UInt32> = []
  /// Groups whose members are admins.
  package var adminGroups: Set<UInt32> = []

  /// Root and `owner` are admins, everybody else an observer.
  package init(owner: UInt32) { adminUsers = [0, owner] }

  /// The role of a peer.
  package func role(of peer: Peer) -> Role {
    if adminUsers.contains(peer.user) || adminGroups.contains(peer.group) { return .admin }
    if operatorUsers.contains(peer.user) || operatorGroups.contains(peer.group) { return .operator_ }
    return .observer
  }
}
