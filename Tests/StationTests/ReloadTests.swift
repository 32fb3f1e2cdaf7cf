import Configuration
import Testing

@testable import Station

@Suite struct ReloadTests {
  @Test func whatOnlyAStartCanChangeIsNamed() {
    let start = StationConfiguration()
    var next = start
    next.devices = [ConfiguredDevice(.path("/dev/pts/3"), module: "stackmat")]
    next.roles.operators.uids = [1001]
    next.modules.folders = ["/opt/modules"]
    #expect(next.unreloadable(since: start) == [])
    next.station = "room-3"
    next.socket.queueBytes = 65_536
    next.socket.group = "thenar"
    next.stateDirectory = "/var/lib/other"
    next.trials.onsetNewtons = 6
    next.records.ringBytes = 65_536
    #expect(
      next.unreloadable(since: start) == [
        "station", "socket.group", "socket.queue_bytes", "state_directory", "trials", "records",
      ])
    #expect(start.unreloadable(since: next).count == 6)
  }
}
