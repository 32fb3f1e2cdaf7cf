internal import Configuration
internal import Glibc
internal import WorkerLink

extension ConfiguredDevice {
  /// How to reach the path of this entry without discovery; `nil` where discovery will see the device, or the entry
  /// does not go by path.
  var undiscoveredAddress: TransportAddress? {
    guard case .path(let path) = place else { return nil }
    let target = realpath(path, nil).map { resolved in
      defer { free(resolved) }
      return String(cString: resolved)
    }
    guard let target else {
      // What is not there yet is a USB device to come, if it is a node of one; else a link that somebody will make.
      return path.hasPrefix("/dev/") && !path.hasPrefix("/dev/pts/") ? nil : .terminal(path: path)
    }
    guard target.hasPrefix("/dev/"), !target.hasPrefix("/dev/pts/") else { return .terminal(path: path) }
    return isOnUSB(String(target.dropFirst(5))) ? nil : .serial(node: path)
  }
}

private func isOnUSB(_ tty: String) -> Bool {
  guard let resolved = realpath("/sys/class/tty/\(tty)", nil) else { return false }
  defer { free(resolved) }
  return strstr(resolved, "/usb") != nil
}
