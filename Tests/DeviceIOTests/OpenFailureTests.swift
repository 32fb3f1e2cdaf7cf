import Glibc
import Testing
import WorkerLink

@testable import DeviceIO

@Suite struct OpenFailureTests {
  @Test(arguments: [
    (EBUSY, CloseReason.busy, "port_held"), (EWOULDBLOCK, .busy, "port_held"), (EACCES, .forbidden, "no_permission"),
    (EPERM, .forbidden, "no_permission"), (ENODEV, .lost, "node_missing"), (EIO, .unopened, "not_opened"),
  ])
  func anErrnoHasAReason(_ code: Int32, _ reason: CloseReason, _ word: String) {
    let failure = OpenFailure(errno: code, node: "/dev/hidraw3")
    #expect(failure.reason == reason && failure.code == word && failure.sentence.contains("/dev/hidraw3"))
  }
}
