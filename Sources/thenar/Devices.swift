internal import ArgumentParser
internal import StrictJSON
internal import ThenarClient
internal import WatchScreen

/// Lists the devices of the station.
struct Devices: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "List the devices of the station and how they are.",
    discussion: """
      For each device: its state, the model, the driver module, what it measures, and, where something is wrong, what \
      to do about it.

      Examples:
        thenar devices
        thenar devices --json | jq -r '.devices[] | select(.state != "streaming") | .device'

      Exit status: 0 when the hub answered, 69 when the hub is not running.
      """)

  @OptionGroup var hub: HubOptions

  @Flag(help: "Print the hub's answer as it is, in JSON.")
  var json = false

  func run() throws {
    try orExplain { () throws(ClientError) in
      let client = try hub.connect()
      if json {
        StandardOutput.write(jsonLine(try client.call("devices.list")))
      } else {
        StandardOutput.write(lines: Listing.devices(try client.devices()))
      }
    }
  }
}

/// A value as one line.
func jsonLine(_ node: JSONNode) -> [UInt8] {
  var writer = JSONWriter()
  writer.node(node)
  writer.newLine()
  return writer.bytes
}
