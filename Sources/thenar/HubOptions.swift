internal import ArgumentParser
internal import ThenarClient

/// How to reach the hub.
struct HubOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The hub's socket, where it is not at its usual place.",
      discussion: """
        Usual places, in this order: $THENAR_SOCKET, /run/thenar/consumer.sock, $XDG_RUNTIME_DIR/thenar/consumer.sock, \
        /tmp/thenar-UID/consumer.sock.
        """, valueName: "path"))
  var socket: String?

  func validate() throws {
    if socket?.isEmpty == true { throw ValidationError("The path after --socket is empty.") }
  }

  func connect(timeout: Duration = .seconds(5)) throws(ClientError) -> HubClient {
    try HubClient(connectingTo: SocketLocation().find(option: socket), timeout: timeout)
  }
}
