import CPlatform
import Glibc
import Synchronization

/// A process that was started here, and all that it starts: they end together.
///
/// Its number is only used while it is not reaped, so that it can be no other's.
package final class OwnedProcess: Sendable {
  /// Its number, and that of its process group.
  package let number: Int32
  /// Becomes readable when it has ended; -1 where the kernel has no such thing.
  package let descriptor: Int32

  /// What a process may take.
  package struct Limits: Sendable {
    /// Bytes of memory of its own; 0: no limit.
    package var memory: UInt
    /// Open descriptors; 0: no limit.
    package var files: UInt

    /// Limits.
    package init(memory: UInt, files: UInt) {
      self.memory = memory
      self.files = files
    }
  }

  /// Starts a program, as `thenar_spawn` does; see there for the thread that this is to be called from.
  package init(
    program: String, arguments: [String], environment: [String], control: Int32, errors: Int32, limits: Limits
  ) throws(SystemFailure) {
    var argv: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) } + [nil]
    var envp: [UnsafeMutablePointer<CChar>?] = environment.map { strdup($0) } + [nil]
    defer { for text in argv + envp { free(text) } }
    var (process, descriptor): (Int32, Int32) = (0, -1)
    let error = family.withLock { family in
      var most = thenar_limits(memory: limits.memory, files: limits.files)
      let error = thenar_spawn(program, &argv, &envp, control, errors, &most, &process, &descriptor)
      if error == 0 { family.children.insert(process) }
      return error
    }
    if error != 0 { throw SystemFailure(code: error) }
    number = process
    self.descriptor = descriptor
  }

  deinit {
    kill()
    if descriptor >= 0 { close(descriptor) }
  }

  /// Ends it and its process group at once.
  package func kill() {
    family.withLock { family in
      guard family.children.contains(number) else { return }
      Glibc.kill(-number, SIGKILL)
      _ = thenar_kill(descriptor)
    }
  }

  /// It has ended; how, is still known until ``reap()``.
  package var hasEnded: Bool {
    family.withLock { family in !family.children.contains(number) || thenar_has_ended(number) != 0 }
  }

  /// Ends what it has left behind in its process group, once it has ended; `false` while it runs.
  package func endGroup() -> Bool {
    family.withLock { family in
      guard family.children.contains(number) else { return true }
      guard thenar_has_ended(number) != 0 else { return false }
      Glibc.kill(-number, SIGKILL)
      return true
    }
  }

  /// How it ended, as `waitpid` says, with its process group ended too; `nil` while it runs. ``gone`` where somebody
  /// else has asked before.
  package func reap() -> Int32? {
    family.withLock { family in
      guard family.children.contains(number) else { return Self.gone }
      guard thenar_has_ended(number) != 0 else { return nil }
      Glibc.kill(-number, SIGKILL)
      var status: Int32 = 0
      let result = waitpid(number, &status, 0)
      family.children.remove(number)
      return result == number ? status : Self.gone
    }
  }

  /// Nothing is known of its end.
  package static let gone: Int32 = -1
}

/// Processes that lost their parent and came to this one: what a driver started, and what then left its process group.
package enum Orphans {
  /// From now on they come here, where they can be found. Children that the program has already are left alone.
  ///
  /// Not for the first process of a container, to which all orphans come, also those of others.
  package static func adopt() {
    guard getpid() != 1, thenar_adopt_orphans() == 0 else { return }
    family.withLock { $0.foreign = Set(childrenOfThisProcess()) }
  }

  /// Ends those that are there; `true`: there were some, and theirs may come in their place.
  package static func end() -> Bool {
    family.withLock { family in
      guard let foreign = family.foreign else { return false }
      let orphans = childrenOfThisProcess().filter { !family.children.contains($0) && !foreign.contains($0) }
      for orphan in orphans {
        Glibc.kill(orphan, SIGKILL)
        waitpid(orphan, nil, WNOHANG)
      }
      return !orphans.isEmpty
    }
  }
}

/// The children of this process that are known. The lock is held while one is started, so that none is taken for an
/// orphan.
private struct Family {
  var children: Set<Int32> = []
  /// Children from before; `nil`: orphans do not come here.
  var foreign: Set<Int32>?
}

private let family = Mutex(Family())

/// From the kernel's list of each thread's children; none where it keeps no such lists.
private func childrenOfThisProcess() -> [Int32] {
  guard let tasks = opendir("/proc/self/task") else { return [] }
  defer { closedir(tasks) }
  var children: [Int32] = []
  while let entry = readdir(tasks) {
    let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
      pointer.withMemoryRebound(to: CChar.self, capacity: MemoryLayout.size(ofValue: pointer.pointee)) {
        String(cString: $0)
      }
    }
    guard let file = fopen("/proc/self/task/\(name)/children", "re") else { continue }
    defer { fclose(file) }
    var number: Int32 = 0
    while withUnsafeMutablePointer(to: &number, { pointer in withVaList([pointer]) { vfscanf(file, "%d", $0) } }) == 1 {
      children.append(number)
    }
  }
  return children
}
