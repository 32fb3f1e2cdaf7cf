internal import ArgumentParser
internal import Glibc
internal import ThenarClient

/// Shows what the station measures.
struct Watch: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show what the station measures, live.",
    discussion: """
      In a terminal: one block for each device with its state, its present value, the last ten seconds, and the last \
      result. Press q to quit. Nothing that you do here changes a measurement.

      In a pipe or a file: one line for each thing that happens; of the readings of a channel two lines a second.

      A number that is lost on its way is counted and shown. When the hub goes away, the watch says so and goes on as \
      soon as it is back.

      Examples:
        thenar watch
        thenar watch --device 'go-direct-*'
        thenar watch --seconds 30 > readings.txt
        thenar watch --json | jq -c 'select(.method == "result").params'

      Exit status: 0 when it was ended with q or by --seconds, 69 when the hub is not running.
      """)

  @OptionGroup var hub: HubOptions

  @Flag(help: "Pass the hub's messages on as they are: JSON, one message on a line.")
  var json = false

  @Option(help: ArgumentHelp("End after so many seconds.", valueName: "n"))
  var seconds: Double?

  @Option(
    help: ArgumentHelp(
      "Only devices whose name matches; * stands for any letters. May be given several times.", valueName: "pattern"))
  var device: [String] = []

  func validate() throws {
    if let seconds, !(seconds > 0 && seconds <= 31_536_000) {
      throw ValidationError("--seconds needs a number greater than 0, and at most 31536000 (a year).")
    }
    if device.contains("") { throw ValidationError("The pattern after --device is empty.") }
  }

  func run() throws {
    let end = seconds.map { ContinuousClock.now + .seconds($0) }
    var subscription = Subscription(.all)
    subscription.name = "watch"
    subscription.filter.devices = device
    try orExplain { () throws(ClientError) in
      var feed = try HubFeed(hub, subscription)
      if json {
        passOn(&feed, until: end)
      } else if isatty(0) == 1, isatty(1) == 1, TerminalScreen.isCapable {
        try showScreen(&feed, until: end)
      } else {
        showLines(&feed, until: end)
      }
    }
  }
}

/// What is left until a point in time, or a long time where there is none; `nil`: it is over.
func rest(until end: ContinuousClock.Instant?) -> Duration? {
  guard let end else { return .seconds(3600) }
  let rest = ContinuousClock.now.duration(to: end)
  return rest > .zero ? rest : nil
}
