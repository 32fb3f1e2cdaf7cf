internal import CPlatform
internal import Glibc

/// What drivers are kept from on this machine.
package enum Confinement {
  /// What they are not kept from, in sentences for whoever runs the station; empty where all is as it should be.
  package static var shortcomings: [String] {
    sentences(lacks: thenar_confinement_lacks(), isOnMockedBus: getenv("UMOCKDEV_DIR") != nil)
  }

  static func sentences(lacks: Int32, isOnMockedBus: Bool) -> [String] {
    var sentences: [String] = []
    if lacks & Int32(THENAR_LACKS_LANDLOCK) != 0 {
      sentences.append(
        "This kernel keeps no driver from files and devices that Thenar's account may open (it has no Landlock): "
          + "use one from 5.13 on with \"landlock\" among its security modules.")
    }
    if lacks & Int32(THENAR_LACKS_SECCOMP) != 0 {
      sentences.append(
        "This kernel keeps no driver from starting programs, sending signals and using the network (it has no seccomp "
          + "filters): use one that was built with them.")
    }
    if isOnMockedBus {
      sentences.append(
        "The instruments are those of a mocked bus (UMOCKDEV_DIR), so drivers may connect to the sockets of this machine."
      )
    }
    return sentences
  }
}
