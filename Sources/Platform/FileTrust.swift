import Glibc

/// Whose files may decide what Thenar does.
///
/// Who can write the configuration, a manifest or a module's library can run programs as Thenar. So every file of these,
/// and every directory and link on the way to it, must belong to root, to the account that runs Thenar, or to somebody
/// who could replace Thenar's own program anyway; and nobody else may write it. OpenSSH's StrictModes asks for the same.
package struct FileTrust: Sendable {
  /// Accounts whose files are good.
  package var owners: Set<UInt32>
  /// Groups whose members may write Thenar's own program, and so other files as well.
  package var groups: Set<UInt32> = []
  /// Directories above Thenar's own program: whoever can write these can replace the program itself, so looking at them
  /// would protect nothing, and a checkout of somebody else's would not run.
  package var ownDirectories: Set<FileIdentity> = []
  /// Whether a group is an account's own, with nobody else in it, as Debian and Ubuntu make one for each account.
  package var isPrivate: @Sendable (_ group: UInt32, _ owner: UInt32) -> Bool

  /// A rule; see the properties.
  package init(
    owners: Set<UInt32>, isPrivate: @escaping @Sendable (_ group: UInt32, _ owner: UInt32) -> Bool = { _, _ in false }
  ) {
    self.owners = owners
    self.isPrivate = isPrivate
  }

  /// The rule for this process.
  package static let ofThisProcess: FileTrust = {
    var trust = FileTrust(owners: [0, geteuid()], isPrivate: Accounts.isPrivateGroup)
    guard let program = realpath("/proc/self/exe", nil) else { return trust }
    defer { free(program) }
    var path = String(cString: program)
    trust.addProgram(path)
    while let slash = path.lastIndex(of: "/"), path.utf8.count > 1 {
      path = slash == path.startIndex ? "/" : String(path[..<slash])
      trust.addProgram(path)
    }
    return trust
  }()

  /// Whoever can write this program, or a directory above it, is to be believed.
  private mutating func addProgram(_ path: String) {
    var status = stat()
    guard stat(path, &status) == 0 else { return }
    owners.insert(status.st_uid)
    let isSticky = status.st_mode & S_ISVTX != 0
    if status.st_mode & S_IWGRP != 0, !isSticky { groups.insert(status.st_gid) }
    if status.st_mode & S_IFMT == S_IFDIR {
      ownDirectories.insert(FileIdentity(device: status.st_dev, number: status.st_ino))
    }
  }

  /// What is wrong with a file or a directory, or `nil`.
  package func fault(_ file: FileFacts) -> Fault? {
    if file.kind == .directory, ownDirectories.contains(file.identity) { return nil }
    if !owners.contains(file.owner) { return .owner(file.owner) }
    // Nobody can change a link, and in a sticky directory nobody can touch what is another's.
    if file.kind == .link || (file.kind == .directory && file.mode & UInt32(S_ISVTX) != 0) { return nil }
    if file.mode & 0o002 != 0 { return .writableByAll }
    if file.mode & 0o020 != 0, !groups.contains(file.group), !isPrivate(file.group, file.owner) {
      return .writableByGroup(file.group)
    }
    return nil
  }

  /// Why a file is not to be trusted.
  package enum Fault: Equatable {
    /// It belongs to somebody else.
    case owner(UInt32)
    /// Everybody may write it.
    case writableByAll
    /// The members of a group may write it.
    case writableByGroup(UInt32)

    /// One plain sentence that names the path and the fix, without its full stop.
    package func explanation(_ path: String) -> String {
      switch self {
      case .owner(let user):
        "\(path) belongs to \(Accounts.userName(user)), who could change what Thenar does: chown root \(path), or remove it"
      case .writableByAll: "\(path) can be written by everybody, who could change what Thenar does: chmod go-w \(path)"
      case .writableByGroup(let group):
        "\(path) can be written by the group \(Accounts.groupName(group)), which could change what Thenar does: chmod g-w \(path)"
      }
    }
  }
}

/// Which file of the machine it is, under whatever name.
package struct FileIdentity: Hashable, Sendable {
  /// The device that it is on.
  package let device: UInt
  /// Its number there.
  package let number: UInt

  /// A file of a device.
  package init(device: UInt, number: UInt) {
    self.device = device
    self.number = number
  }
}

/// What the system says of an opened file.
package struct FileFacts: Equatable, Sendable {
  /// What it is.
  package enum Kind: Sendable { case file, directory, link, other }

  /// What it is.
  package var kind: Kind
  /// Which one it is.
  package var identity: FileIdentity
  /// Whose it is.
  package var owner: UInt32
  /// Its group.
  package var group: UInt32
  /// Who may do what with it.
  package var mode: UInt32

  /// Facts; see the properties.
  package init(kind: Kind, identity: FileIdentity, owner: UInt32, group: UInt32, mode: UInt32) {
    self.kind = kind
    self.identity = identity
    self.owner = owner
    self.group = group
    self.mode = mode
  }

  /// The facts of an opened descriptor.
  package init(of descriptor: Int32) throws(SystemFailure) {
    var status = stat()
    if fstat(descriptor, &status) != 0 { throw .last }
    let kind: Kind =
      switch status.st_mode & S_IFMT {
      case S_IFREG: .file
      case S_IFDIR: .directory
      case S_IFLNK: .link
      default: .other
      }
    self.init(
      kind: kind, identity: FileIdentity(device: status.st_dev, number: status.st_ino), owner: status.st_uid,
      group: status.st_gid, mode: status.st_mode & 0o7777)
  }
}
