internal import DeviceIO
internal import Glibc

/// An emulator's listening Unix socket.
final class ListeningSocket: EmulatorEndpoint {
  let listener: Int32
  private let path: String
  private let kind: SocketLine.Kind

  init(path: String, kind: SocketLine.Kind) throws(EmulatorFailure) {
    do throws(ListenFailure) { listener = try prepareToListenAt(path, kind) } catch {
      throw EmulatorFailure(sentence: error.sentence)
    }
    self.path = path
    self.kind = kind
  }

  func begin() throws(EmulatorFailure) {
    do throws(ListenFailure) { try beginToListen(listener, at: path) } catch {
      throw EmulatorFailure(sentence: error.sentence)
    }
  }

  func nextClient(until stop: Int32) throws(EmulatorFailure) -> EmulatorClient? {
    var entries = [pollfd](repeating: pollfd(), count: 2)
    while true {
      entries[0] = pollfd(fd: listener, events: Int16(POLLIN), revents: 0)
      entries[1] = pollfd(fd: stop, events: Int16(POLLIN), revents: 0)
      pollDescriptors(&entries, timeout: nil)
      if isReadable(entries[1]) { return nil }
      guard isReadable(entries[0]) else { continue }
      let client = accept(listener, nil, nil)
      if client >= 0 {
        _ = fcntl(client, F_SETFD, FD_CLOEXEC)
        _ = fcntl(client, F_SETFL, O_NONBLOCK)
        return .socket(SocketLine(connected: client, name: path, dropsReportZero: false))
      }
      guard [EAGAIN, EINTR, ECONNABORTED].contains(errno) else {
        throw EmulatorFailure(sentence: "No more clients can come to \(path): \(errorText(errno)).")
      }
    }
  }

  func refuseClient() {
    let client = accept(listener, nil, nil)
    if client >= 0 { Glibc.close(client) }
  }

  func close() {
    Glibc.close(listener)
    unlink(path)
  }
}
