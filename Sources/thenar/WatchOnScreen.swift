internal import Glibc
internal import ThenarClient
internal import WatchScreen

/// Shows the station on the terminal until q is pressed.
func showScreen(_ feed: inout HubFeed, until end: ContinuousClock.Instant?) throws(ClientError) {
  var state = StationState()
  let screen = try TerminalScreen()
  let station = hostName()
  let kind = TerminalKind(unicode: TerminalScreen.isUnicode, colour: TerminalScreen.wantsColour)
  var nextFrame = ContinuousClock.now
  while let rest = rest(until: end) {
    let pause = ContinuousClock.now.duration(to: nextFrame)
    if pause <= .zero {
      let (width, height) = screen.size
      let frame = Frame(
        state, station: station, terminal: kind, clock: .ofThisPlace, now: .now, width: width, height: height)
      screen.show(frame.lines(), width: width, height: height)
      nextFrame = .now + .milliseconds(100)
      // Here too, so that a flood of news does not hold the keys.
      if feed.wait(atMost: .zero, or: 0), screen.quitWasPressed() { return }
      continue
    }
    if let news = feed.next() {
      state.take(news)
    } else if feed.wait(atMost: min(rest, pause), or: 0), screen.quitWasPressed() {
      return
    }
  }
}

extension StationState {
  fileprivate mutating func take(_ news: HubFeed.News) {
    switch news {
    case .connected(_, let welcome, _): connected(welcome, at: .now)
    case .notification(let notification): receive(notification, at: .now)
    case .misunderstood: misunderstood()
    case .ended(let sentence): disconnected(sentence)
    }
  }
}

private func hostName() -> String {
  var name = [CChar](repeating: 0, count: 256)
  guard gethostname(&name, name.count - 1) == 0 else { return "station" }
  return String(decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
}
