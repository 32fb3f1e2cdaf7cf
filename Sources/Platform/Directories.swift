package import Glibc

/// Makes a directory that only this account may enter; one that is there is taken over and emptied, where it is ours.
package func makePrivateDirectory(_ path: String) throws(FileFailure) {
  if mkdir(path, 0o700) == 0 { return }
  if errno != EEXIST { throw .untrusted("The directory \(path) could not be made: \(SystemFailure.last.text)") }
  let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
  if descriptor < 0 { throw .untrusted("\(path) is in the way: remove it") }
  defer { close(descriptor) }
  let facts: FileFacts
  do { facts = try FileFacts(of: descriptor) } catch { throw .system(error) }
  if facts.owner != geteuid() { throw .untrusted("The directory \(path) belongs to another user: remove it") }
  // What a hub that was killed has left.
  fchmod(descriptor, 0o700)
  empty(descriptor)
}

/// Removes a directory that was made so, with what is in it.
package func removePrivateDirectory(_ path: String) {
  let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
  if descriptor >= 0 { empty(descriptor) }
  close(descriptor)
  rmdir(path)
}

/// Makes a directory and those above it that are missing, those for everybody to pass through.
package func makeDirectories(_ path: String, mode: mode_t) throws(SystemFailure) {
  var status = stat()
  if stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR { return }
  if let slash = path.lastIndex(of: "/"), slash != path.startIndex {
    try makeDirectories(String(path[..<slash]), mode: 0o755)
  }
  if mkdir(path, mode) != 0, errno != EEXIST { throw .last }
}

private func empty(_ directory: Int32) {
  guard let entries = fdopendir(dup(directory)) else { return }
  defer { closedir(entries) }
  while let entry = readdir(entries) {
    withUnsafePointer(to: &entry.pointee.d_name) { pointer in
      pointer.withMemoryRebound(to: CChar.self, capacity: MemoryLayout.size(ofValue: pointer.pointee)) {
        _ = unlinkat(directory, $0, 0)
      }
    }
  }
}
