internal import ThenarClient
internal import WatchScreen

/// Writes one line for each thing that happens.
func showLines(_ feed: inout HubFeed, until end: ContinuousClock.Instant?) {
  var lines = PlainLines(clock: .ofThisPlace)
  var isFirst = true
  while let rest = rest(until: end) {
    let now = Moment.now
    StandardOutput.write(lines: lines.due(at: now))
    guard let news = feed.next() else {
      let pause = lines.nextDue.map { Duration.microseconds(max(0, $0 - now.boot)) } ?? rest
      _ = feed.wait(atMost: min(rest, pause))
      continue
    }
    switch news {
    case .connected(_, let welcome, let resumed):
      let goesOn = resumed ? "the stream goes on where it broke off" : "what came in between is not shown"
      let sentence = isFirst ? "Connected" : "Connected again, \(goesOn)"
      StandardOutput.write(lines: [lines.note("\(sentence): epoch \(welcome.epoch).", at: now)])
      isFirst = false
    case .notification(let notification): StandardOutput.write(lines: lines.lines(for: notification, at: now))
    case .misunderstood:
      StandardOutput.write(lines: [lines.note("A line from the hub could not be understood.", at: now)])
    case .ended(let sentence):
      StandardOutput.write(lines: [lines.note("\(sentence) Trying again each second.", at: now)])
    }
  }
  StandardOutput.write(lines: lines.rest(at: .now))
}
