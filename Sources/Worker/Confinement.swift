internal import CPlatform
internal import DeviceIO
internal import Glibc
package import WorkerLink

/// Takes from this process, before a module's code runs in it, all that a driver of this instrument does not need; see
/// `thenar_confine`. What the kernel cannot take, the hub says.
package func confine(_ setup: WorkerSetup) throws(ModuleFailure) {
  try confine(library: setup.library, node: setup.address.node, place: nil)
}

/// The same for an emulator, whose place is prepared.
package func confineEmulator(at place: EmulatorPlace, library: String) throws(ModuleFailure) {
  let socket: String? = if case .socket(let path) = place { path } else { nil }
  try confine(library: library, node: nil, place: socket)
}

private func confine(library: String, node: String?, place: String?) throws(ModuleFailure) {
  // A mocked bus answers for its instruments over sockets of its own, one for each question.
  let isOnMockedBus = getenv("UMOCKDEV_DIR") != nil
  let texts = [library, node, place].map { $0.map { strdup($0) } ?? nil }
  defer { for text in texts { free(text) } }
  var needs = thenar_needs(library: texts[0], node: texts[1], place: texts[2], connections: isOnMockedBus ? 1 : 0)
  let error = thenar_confine(&needs)
  guard error == 0 else {
    throw ModuleFailure(
      code: "unconfined",
      sentence: "The process of the driver could not be confined (\(errorText(error))), so the driver was not started: "
        + "look at the limits under which Thenar itself runs.")
  }
}
