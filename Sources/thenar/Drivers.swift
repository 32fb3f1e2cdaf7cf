internal import ArgumentParser
internal import ThenarClient
internal import WatchScreen

/// Lists the driver modules of the station.
struct Drivers: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "List the driver modules of the station and the instruments that they know, or begin a new one.",
    discussion: """
      A module whose state is "refused" is not used; the line below says why.

      Examples:
        thenar drivers
        thenar drivers --json | jq -r '.drivers[] | select(.state == "refused") | .text'
        thenar drivers new pinch-gauge

      Exit status: 0 when the hub answered, 69 when the hub is not running.
      """,
    subcommands: [NewDriver.self])

  @OptionGroup var hub: HubOptions

  @Flag(help: "Print the hub's answer as it is, in JSON.")
  var json = false

  func run() throws {
    try orExplain { () throws(ClientError) in
      let client = try hub.connect()
      if json {
        StandardOutput.write(jsonLine(try client.call("drivers.list")))
      } else {
        StandardOutput.write(lines: Listing.drivers(try client.drivers()))
      }
    }
  }
}
