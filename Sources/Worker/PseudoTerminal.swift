internal import CPlatform
internal import DeviceIO
internal import Glibc
internal import Readings

/// An emulator's pseudo-terminal and the symbolic link that leads to it.
///
/// The instrument's side shows POLLHUP while nobody has the other side open, and `poll` cannot be told to leave that out,
/// so that the wait for a client is a look every few milliseconds.
final class PseudoTerminal: EmulatorEndpoint {
  /// Between two looks, in microseconds.
  private static let pause: Int64 = 10_000

  let listener: Int32 = -1
  private let instrumentSide: Int32
  private let link: String

  init(link: String) throws(EmulatorFailure) {
    var path = [CChar](repeating: 0, count: 64)
    let descriptor = thenar_open_pseudo_terminal(&path, path.count)
    guard descriptor >= 0 else {
      throw EmulatorFailure(sentence: "No pseudo-terminal can be opened: \(errorText(-descriptor)).")
    }
    do throws(EmulatorFailure) {
      try path.withUnsafeBufferPointer { path throws(EmulatorFailure) in
        guard let path = path.baseAddress else { return }
        try Self.makeQuiet(path)
        try Self.makeLink(link, to: path)
      }
    } catch {
      Glibc.close(descriptor)
      throw error
    }
    instrumentSide = descriptor
    self.link = link
  }

  /// A new terminal echoes; nothing that the instrument says may come back to it before a client sets the terminal up.
  /// The first open and close also makes the instrument's side show that nobody is there.
  private static func makeQuiet(_ path: UnsafePointer<CChar>) throws(EmulatorFailure) {
    let clientSide = open(path, O_RDWR | O_NOCTTY | O_CLOEXEC)
    guard clientSide >= 0, makeRaw(clientSide, SerialLine()) else {
      throw EmulatorFailure(sentence: "\(String(cString: path)) cannot be set up: \(errorText(errno)).")
    }
    Glibc.close(clientSide)
  }

  /// Puts the link in the place of an old one; leaves anything else alone.
  private static func makeLink(_ link: String, to path: UnsafePointer<CChar>) throws(EmulatorFailure) {
    var old = stat()
    if lstat(link, &old) == 0 {
      guard old.st_mode & S_IFMT == S_IFLNK else {
        throw EmulatorFailure(sentence: "\(link) exists and is not a symbolic link: give another name or remove it.")
      }
      unlink(link)
    }
    guard symlink(path, link) == 0 else {
      throw EmulatorFailure(sentence: "The link \(link) cannot be made: \(errorText(errno)).")
    }
  }

  /// Who opens it early waits.
  func begin() {}

  func nextClient(until stop: Int32) throws(EmulatorFailure) -> EmulatorClient? {
    // What the client before did not read is not for the next one.
    tcflush(instrumentSide, TCOFLUSH)
    var entries = [pollfd()]
    var looksWithClient = 0
    while true {
      entries[0] = pollfd(fd: instrumentSide, events: 0, revents: 0)
      pollDescriptors(&entries, timeout: 0)
      looksWithClient = entries[0].revents & Int16(POLLHUP) == 0 ? looksWithClient + 1 : 0
      // Seen twice: a client that has just opened the line first throws away what is in it.
      if looksWithClient == 2 { return .terminal(TerminalLine(instrumentSide: instrumentSide, name: link)) }
      entries[0] = pollfd(fd: stop, events: Int16(POLLIN), revents: 0)
      pollDescriptors(&entries, timeout: Self.pause)
      if isReadable(entries[0]) { return nil }
    }
  }

  func refuseClient() {}

  func close() {
    Glibc.close(instrumentSide)
    unlink(link)
  }
}
