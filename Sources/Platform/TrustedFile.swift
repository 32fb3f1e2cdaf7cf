import Glibc

/// Only to look at, not to read: Swift's Glibc has it not, as it needs _GNU_SOURCE. The same on all that Swift runs on.
private let O_PATH: Int32 = 0o10_000_000

/// Why a file was not opened.
package enum FileFailure: Error, Equatable {
  /// The system did not open it.
  case system(SystemFailure)
  /// Others than those whom Thenar trusts could change it; one plain sentence that names the fix, without its full stop.
  case untrusted(String)

  /// Nothing of that name is there.
  package var isAbsence: Bool { if case .system(let failure) = self { failure.isAbsence } else { false } }

  /// What is wrong, without a full stop.
  package var text: String {
    switch self {
    case .system(let failure): failure.text
    case .untrusted(let explanation): explanation
    }
  }
}

extension FileTrust {
  /// Opens a file whose every directory and link nobody can change who is not trusted; `flags` are those of `open`.
  /// Whoever calls closes the descriptor.
  ///
  /// It walks from the root from one opened directory to the next, so that what was looked at is what is used.
  package func open(_ path: String, _ flags: Int32 = O_RDONLY) throws(FileFailure) -> Int32 {
    var walk = try Walk(self, path)
    defer { walk.end() }
    return try walk.open(flags)
  }

  /// Whether a file or a directory can be trusted; it need not be readable.
  package func check(_ path: String) throws(FileFailure) { close(try open(path, O_PATH)) }

  fileprivate func look(at descriptor: Int32, _ path: String) throws(FileFailure) -> FileFacts {
    let facts: FileFacts
    do { facts = try FileFacts(of: descriptor) } catch { throw .system(error) }
    if let fault = fault(facts) { throw .untrusted(fault.explanation(path)) }
    return facts
  }
}

/// A way from the root to a file.
private struct Walk {
  private let trust: FileTrust
  /// The directory that was reached, and its path.
  private var directory: Int32
  private var place = ""
  /// Names that are still to be followed, the next one last.
  private var names: [Substring]
  private var links = 0

  init(_ trust: FileTrust, _ path: String) throws(FileFailure) {
    self.trust = trust
    var whole = path
    if !path.hasPrefix("/") {
      guard let current = getcwd(nil, 0) else { throw .system(.last) }
      defer { free(current) }
      whole = String(cString: current) + "/" + path
    }
    if path.isEmpty || path.utf8.contains(0) { throw .system(SystemFailure(code: ENOENT)) }
    names = whole.split(separator: "/").reversed()
    directory = Glibc.open("/", O_PATH | O_DIRECTORY | O_CLOEXEC)
    if directory < 0 { throw .system(.last) }
    do throws(FileFailure) { _ = try trust.look(at: directory, "/") } catch {
      close(directory)
      throw error
    }
  }

  mutating func end() { close(directory) }

  mutating func open(_ flags: Int32) throws(FileFailure) -> Int32 {
    while let name = names.popLast() {
      if name == "." { continue }
      if name == ".." {
        try goUp()
        continue
      }
      let path = "\(place)/\(name)"
      let found = openat(directory, String(name), O_PATH | O_NOFOLLOW | O_CLOEXEC)
      if found < 0 { throw .system(.last) }
      let facts: FileFacts
      do throws(FileFailure) { facts = try trust.look(at: found, path) } catch {
        close(found)
        throw error
      }
      if facts.kind == .link {
        defer { close(found) }
        try follow(found)
      } else if names.isEmpty {
        close(found)
        return try openLast(String(name), path, flags, facts.identity)
      } else {
        close(directory)
        directory = found
        place = path
        if facts.kind != .directory { throw .system(SystemFailure(code: ENOTDIR)) }
      }
    }
    let opened = openat(directory, ".", flags | O_CLOEXEC)
    if opened < 0 { throw .system(.last) }
    return opened
  }

  /// Opens it for what it is wanted for; it must still be the one that was looked at.
  private func openLast(
    _ name: String, _ path: String, _ flags: Int32, _ identity: FileIdentity
  ) throws(FileFailure) -> Int32 {
    // O_NONBLOCK: opening a named pipe must not wait for a writer.
    let opened = openat(directory, name, flags | O_NOFOLLOW | O_CLOEXEC | (flags & O_PATH != 0 ? 0 : O_NONBLOCK))
    if opened < 0 { throw .system(.last) }
    do throws(FileFailure) {
      if try trust.look(at: opened, path).identity == identity { return opened }
    } catch {
      close(opened)
      throw error
    }
    close(opened)
    throw .system(SystemFailure(code: EAGAIN))
  }

  private mutating func goUp() throws(FileFailure) {
    let above = openat(directory, "..", O_PATH | O_DIRECTORY | O_CLOEXEC)
    if above < 0 { throw .system(.last) }
    close(directory)
    directory = above
    place = place.lastIndex(of: "/").map { String(place[..<$0]) } ?? ""
  }

  private mutating func follow(_ link: Int32) throws(FileFailure) {
    links += 1
    if links > 40 { throw .system(SystemFailure(code: ELOOP)) }
    var target = [CChar](repeating: 0, count: 4096)
    let count = readlinkat(link, "", &target, target.count)
    if count < 0 { throw .system(.last) }
    let text = String(decoding: target[..<count].map(UInt8.init(bitPattern:)), as: UTF8.self)
    names += text.split(separator: "/").reversed()
    guard text.hasPrefix("/") else { return }
    let root = Glibc.open("/", O_PATH | O_DIRECTORY | O_CLOEXEC)
    if root < 0 { throw .system(.last) }
    close(directory)
    directory = root
    place = ""
  }
}
