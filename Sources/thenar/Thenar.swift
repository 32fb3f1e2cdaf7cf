internal import ArgumentParser

/// The command line of the station.
@main struct Thenar: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "thenar",
    abstract: "The hardware bridge of a hand-therapy station.",
    discussion: """
      Thenar finds the grip dynamometers, pinch gauges and pegboard timers that are plugged in, and passes what they \
      measure on to the programs of the clinic.

      To see what the station measures now:
        thenar watch

      To run the hub on emulated instruments:
        thenar serve --emulate all

      Exit status of all commands: 0 when all is well, 64 when the command line is wrong, 69 when the hub is not \
      running or a socket cannot be had, 76 when the hub's answer cannot be understood, 77 when you may not talk to the hub, 78 when the \
      configuration is wrong, 1 for anything else.
      """,
    version: version,
    subcommands: [
      Serve.self, Watch.self, Devices.self, Drivers.self, Emulate.self, UdevRulesCommand.self, WorkerCommand.self,
      SupportedInstrumentsCommand.self,
    ])

  /// Version of this build.
  static let version = "0.1.0"
}
