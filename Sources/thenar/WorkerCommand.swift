internal import ArgumentParser
internal import Station

/// The worker process, as the hub starts it.
struct WorkerCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "worker", abstract: "Run one driver for one device; started by the hub, never by hand.",
    shouldDisplay: false)

  @Argument(parsing: .captureForPassthrough) var arguments: [String] = []

  func run() throws { try become(Installation().worker, arguments) }
}
