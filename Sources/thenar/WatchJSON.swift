internal import ThenarClient
internal import WatchScreen

/// Passes the hub's lines on unchanged. What there is to say besides goes to standard error.
func passOn(_ feed: inout HubFeed, until end: ContinuousClock.Instant?) {
  while let rest = rest(until: end) {
    guard let news = feed.next() else {
      _ = feed.wait(atMost: rest)
      continue
    }
    switch news {
    case .connected(let greeting, _, _): StandardOutput.write(greeting.line + [0x0A])
    case .notification(let notification): StandardOutput.write(notification.line + [0x0A])
    case .misunderstood(let line): StandardOutput.write(line + [0x0A])
    case .ended(let sentence): StandardError.write("thenar: \(sentence) Trying again each second.")
    }
  }
}
