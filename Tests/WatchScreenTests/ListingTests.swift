import StrictJSON
import Testing
import ThenarClient
import WatchScreen

@Suite struct ListingTests {
  @Test func devicesWithWhatToDo() throws {
    let devices = try [grip(more: #","serial":"EMU00001","fw":"1.2","health":{"checksum_errors":2}"#), pegs()]
      .compactMap { if case .device(let device) = $0.content { device } else { nil } }
    #expect(
      Listing.devices(devices).joined(separator: "\n") == """
        go-direct-emu00001  streaming  EMULATED
            Vernier GDX-HD, serial number EMU00001, firmware 1.2
            Module: go-direct 0.1.0
            Measures: force in N
            Health: checksum errors 2
        pegs                ready
            Nine-hole board
            Module: line-profile 0.1.0
            The board answers.
        """)
  }

  @Test func noneAtAll() {
    #expect(Listing.devices([]).count == 1)
    #expect(Listing.drivers([]).count == 1)
  }
}
