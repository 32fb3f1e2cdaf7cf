import FakeHub
import Testing
import ThenarClient

@Suite struct SocketLocationTests {
  @Test(arguments: [
    (SocketLocation(user: 0), String?.none, "/run/thenar/consumer.sock"),
    (SocketLocation(user: 1000), nil, "/tmp/thenar-1000/consumer.sock"),
    (SocketLocation(user: 1000, runtimeDirectory: "/run/user/1000"), nil, "/run/user/1000/thenar/consumer.sock"),
    (SocketLocation(user: 0, override: "/a"), nil, "/a"),
    (SocketLocation(user: 0, override: "/a"), "/b", "/b"),
    (SocketLocation(user: 0, override: ""), "", "/run/thenar/consumer.sock"),
  ])
  func theHubListensAt(_ location: SocketLocation, _ option: String?, _ path: String) {
    #expect(location.forHub(option: option) == path)
  }

  @Test(arguments: [
    (SocketLocation(user: 1000), String?.none, ["/run/thenar/consumer.sock", "/tmp/thenar-1000/consumer.sock"]),
    (
      SocketLocation(user: 1000, runtimeDirectory: "/r"), nil,
      ["/run/thenar/consumer.sock", "/r/thenar/consumer.sock", "/tmp/thenar-1000/consumer.sock"]
    ),
    (SocketLocation(user: 1000, override: "/a", runtimeDirectory: "/r"), nil, ["/a"]),
    (SocketLocation(user: 1000, override: "/a"), "/b", ["/b"]),
  ])
  func aConsumerLooksAt(_ location: SocketLocation, _ option: String?, _ paths: [String]) {
    #expect(location.forConsumer(option: option) == paths)
  }

  @Test func whereverTheHubListensAConsumerLooks() {
    for location in [SocketLocation(user: 0), SocketLocation(user: 7), SocketLocation(user: 7, runtimeDirectory: "/r")]
    {
      #expect(location.forConsumer().contains(location.forHub()))
    }
  }

  @Test func nothingThereNamesAllPlaces() {
    // No user has this number, so nobody owns the directory in /tmp.
    let location = SocketLocation(user: 4_294_967_000, runtimeDirectory: missingSocket)
    #expect(throws: ClientError.self) { try location.find(option: nil) }
    #expect { try location.find() } throws: {
      ($0 as? ClientError) == .notRunning(tried: location.forConsumer())
    }
  }

  @Test func aChosenPathIsTakenAsItIs() throws {
    #expect(try SocketLocation(user: 1, override: "/nowhere").find() == "/nowhere")
  }
}
