internal import CPlatform
internal import Glibc
package import Readings

/// A terminal by plain POSIX calls: a pseudo-terminal, which libserialport cannot open.
package struct TerminalLine: DeviceLine {
  package let name: String
  package let descriptor: Int32

  /// Opens, locks and sets up the terminal at `path`.
  init(path: String, settings: SerialLine) throws(OpenFailure) {
    guard let resolved = realpath(path, nil) else { throw OpenFailure(errno: errno, node: path) }
    defer { free(resolved) }
    let descriptor = open(resolved, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else { throw OpenFailure(errno: errno, node: path) }
    do throws(OpenFailure) {
      guard isatty(descriptor) == 1 else {
        throw .unopened("not_a_terminal", "\(path) is not a terminal: name the instrument's node.")
      }
      let isPseudo = String(cString: resolved).hasPrefix("/dev/pts/")
      guard lockDescriptor(descriptor) else { throw OpenFailure(errno: errno, node: path) }
      // On a pseudo-terminal this would outlive a worker that was killed, and nobody could open it again (measured).
      if !isPseudo { refuseOtherOpens(descriptor) }
      // At once: what came before nobody listened has no time, and what comes from now on must stay.
      tcflush(descriptor, TCIFLUSH)
      // A pseudo-terminal carries bytes, not bits: the kernel knows it as 8N1 only.
      let framing = isPseudo ? SerialLine(baud: settings.baud) : settings
      guard makeRaw(descriptor, framing) else {
        throw .unopened(
          "line_settings", "\(path) cannot be set to \(describe(settings)): correct the device's serial settings.")
      }
    } catch {
      Glibc.close(descriptor)
      throw error
    }
    name = path
    self.descriptor = descriptor
  }

  /// The instrument's side of a pseudo-terminal that was opened elsewhere. `close` does not close it: it serves one
  /// connection after the other.
  package init(instrumentSide descriptor: Int32, name: String) {
    self.descriptor = descriptor
    self.name = name
    isLent = true
  }

  private var isLent = false

  package var lossCode: String { "line_broken" }

  package func receive(into buffer: UnsafeMutableRawBufferPointer) -> LineRead {
    let count = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
    if count > 0 { return .bytes(count) }
    return count < 0 && (errno == EAGAIN || errno == EINTR) ? .nothing : .hungUp
  }

  package func send(_ bytes: UnsafeRawBufferPointer) -> Int? {
    let count = Glibc.write(descriptor, bytes.baseAddress, bytes.count)
    if count >= 0 { return count }
    return errno == EAGAIN || errno == EINTR ? 0 : nil
  }

  package var holdsSentBytes: Bool { false }

  package func close() {
    if !isLent { Glibc.close(descriptor) }
  }
}

/// Bytes go through as they are, at the line's speed and framing. False: the terminal cannot do that.
package func makeRaw(_ terminal: Int32, _ line: SerialLine) -> Bool {
  var settings = termios()
  guard tcgetattr(terminal, &settings) == 0 else { return false }
  cfmakeraw(&settings)
  settings.c_cflag &= ~tcflag_t(CSIZE | PARENB | PARODD | CSTOPB) & ~tcflag_t(CRTSCTS)
  settings.c_cflag |= tcflag_t(CREAD | CLOCAL)
  switch line.dataBits {
  case 5: settings.c_cflag |= tcflag_t(CS5)
  case 6: settings.c_cflag |= tcflag_t(CS6)
  case 7: settings.c_cflag |= tcflag_t(CS7)
  default: settings.c_cflag |= tcflag_t(CS8)
  }
  switch line.parity {
  case .none: break
  case .odd: settings.c_cflag |= tcflag_t(PARENB | PARODD)
  case .even: settings.c_cflag |= tcflag_t(PARENB)
  }
  if line.stopBits == 2 { settings.c_cflag |= tcflag_t(CSTOPB) }
  // glibc takes the number itself as well as its B constant.
  let isUsualSpeed = cfsetspeed(&settings, speed_t(line.baud)) == 0
  guard tcsetattr(terminal, TCSANOW, &settings) == 0 else { return false }
  return isUsualSpeed || thenar_set_odd_speed(terminal, line.baud) == 0
}

/// `1200 bits per second, 7E1`
func describe(_ line: SerialLine) -> String {
  let parity =
    switch line.parity {
    case .none: "N"
    case .odd: "O"
    case .even: "E"
    }
  return "\(line.baud) bits per second, \(line.dataBits)\(parity)\(line.stopBits)"
}
