/// What the technician of a station has decided: one JSON file with comments, in which everything is optional.
package struct StationConfiguration: Equatable, Sendable {
  /// The file, for messages.
  package var file = "thenar.json"
  /// What people call the station; `nil`: nothing.
  package var station: String?
  /// Where consumers connect.
  package var socket = SocketSettings()
  /// The folder of the journal and of all else that must outlive a restart; `nil`: `/var/lib/thenar` for a system
  /// service, else a folder of the user's.
  package var stateDirectory: String?
  /// Who may do more than look.
  package var roles = RoleSettings()
  /// Modules beside those that came with Thenar, and modules that are switched off.
  package var modules = ModuleSettings()
  /// What is said of single devices.
  package var devices: [ConfiguredDevice] = []
  /// When a squeeze begins and ends.
  package var trials = TrialSettings()
  /// How much of the stream is kept at hand.
  package var records = RecordSettings()

  /// The defaults: what an empty file says.
  package init() {}
}

/// Where consumers connect.
package struct SocketSettings: Equatable, Sendable {
  /// Path of the socket, at most 107 bytes; `nil`: `/run/thenar/consumer.sock` for a system service, else a place of the
  /// user's.
  package var path: String?
  /// Name of the group that may open it; `nil`: the group that Thenar runs as.
  package var group: String?
  /// Bytes that may wait for one slow consumer.
  package var queueBytes = 4_194_304
}

/// Who may do more than look. Whoever can open the socket is an observer.
package struct RoleSettings: Equatable, Sendable {
  /// May zero instruments and run trials.
  package var operators = RoleMembers()
  /// May do all.
  package var administrators = RoleMembers()
}

/// Accounts that have a role.
package struct RoleMembers: Equatable, Sendable {
  /// Names of accounts.
  package var users: [String] = []
  /// Names of groups.
  package var groups: [String] = []
  /// Numbers of accounts.
  package var uids: [UInt32] = []
}

/// Modules beside those that came with Thenar, and modules that are switched off.
package struct ModuleSettings: Equatable, Sendable {
  /// Folders whose subfolders are modules.
  package var folders: [String] = []
  /// Ids of modules that are not used.
  package var disabled: [DisabledModule] = []
}

/// A module that is switched off.
package struct DisabledModule: Equatable, Sendable {
  /// Its id.
  package var id: String
  /// Line in the configuration, from 1.
  package var line: Int
}

/// When a squeeze begins and ends.
package struct TrialSettings: Equatable, Sendable {
  /// Newtons that force must reach for a trial to begin.
  package var onsetNewtons = 5.0
  /// Milliseconds that it must stay there.
  package var onsetHoldMilliseconds = 50
  /// Newtons that force must fall below for the trial to end; less than the onset.
  package var releaseNewtons = 3.0
  /// Milliseconds that it must stay there.
  package var releaseHoldMilliseconds = 100
}

/// How much of the stream is kept at hand.
package struct RecordSettings: Equatable, Sendable {
  /// Bytes of newest records in memory, from which a consumer that comes back catches up.
  package var ringBytes = 4_194_304
}
