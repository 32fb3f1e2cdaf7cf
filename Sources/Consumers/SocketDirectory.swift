internal import Glibc

/// The directory of the hub's socket: whoever can write it can put another socket in the place of ours, and be believed.
enum SocketDirectory {
  /// A descriptor of the directory, which is made (0750) where it is missing. One that others can write is refused.
  static func open(_ path: String, group: UInt32?) throws(SocketFailure) -> Int32 {
    let isNew = mkdir(path, 0o750) == 0
    if !isNew, errno != EEXIST {
      throw SocketFailure(
        sentence: "The directory \(path) for the socket could not be made: \(text(errno)). "
          + "Make it, or give another --socket.")
    }
    let descriptor = Glibc.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW)
    if descriptor < 0 {
      throw SocketFailure(
        sentence: "\(path) cannot be used for the socket: \(text(errno)). It must be a directory, and no link to one.")
    }
    do throws(SocketFailure) {
      if isNew {
        fchmod(descriptor, 0o750)
        if let group { fchown(descriptor, uid_t.max, group) }
      } else {
        try check(descriptor, path)
      }
    } catch {
      close(descriptor)
      throw error
    }
    return descriptor
  }

  private static func check(_ descriptor: Int32, _ path: String) throws(SocketFailure) {
    var information = stat()
    guard fstat(descriptor, &information) == 0 else {
      throw SocketFailure(sentence: "\(path) cannot be looked at: \(text(errno)).")
    }
    let owner = information.st_uid
    guard owner == geteuid() || owner == 0 else {
      throw SocketFailure(
        sentence: "The directory \(path) for the socket belongs to the user with the number \(owner), "
          + "who could put another socket in its place: remove it, or give another --socket.")
    }
    // In a sticky directory nobody can touch what is another's.
    let isShared = information.st_mode & 0o002 != 0 && information.st_mode & mode_t(S_ISVTX) == 0
    if isShared {
      throw SocketFailure(
        sentence: "Everybody can write the directory \(path), and could put another socket in the place of Thenar's: "
          + "chmod o-w \(path)")
    }
  }

  private static func text(_ error: Int32) -> String { String(cString: strerror(error)) }
}
