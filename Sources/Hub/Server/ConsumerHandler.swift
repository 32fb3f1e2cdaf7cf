internal import MeasurementStream
internal import NIOCore
internal import StrictJSON

/// One connected consumer: its requests in, its records out. Belongs to the hub's event loop.
final class ConsumerHandler: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  let peer: Peer
  let role: Role
  var client = ""
  private(set) var subscriptions = SubscriptionSet()
  private unowned let hub: Hub
  private var context: ChannelHandlerContext?
  private var splitter = LineSplitter(limit: 65_536)
  private var queue: ConsumerQueue
  /// Number of the next record to take from the ring, while the consumer catches up.
  private var replayNext: UInt64?
  private var needsFlush = false
  private var errors = 0
  private var saidSomething = false
  private var closing = false
  /// The consumer will ask for nothing more.
  private var inputEnded = false
  /// Requests whose outcome comes later.
  private var expectedAnswers = 0
  private var counters = Counters()
  private var lastProgress: Int64 = 0
  private var warned = false
  private var latestTimer: Scheduled<Void>?

  private struct Counters {
    var sequence: UInt64 = 0
    var records: UInt64 = 0
    var samples: UInt64 = 0
  }

  init(hub: Hub, peer: Peer, role: Role, queueLimit: Int) {
    self.hub = hub
    self.peer = peer
    self.role = role
    queue = ConsumerQueue(limit: queueLimit)
  }

  // MARK: Connection

  func handlerAdded(context: ChannelHandlerContext) { self.context = context }

  func handlerRemoved(context: ChannelHandlerContext) {
    latestTimer?.cancel()
    self.context = nil
  }

  func channelActive(context: ChannelHandlerContext) {
    lastProgress = hub.now
    send(hub.welcome())
    flush()
    guard hub.fanOut.add(self) else {
      close(RequestError(.tooManyConnections, "Thenar serves as many consumers as it can; close one and try again."))
      return
    }
    context.eventLoop.assumeIsolated().scheduleTask(in: .microseconds(hub.options.silence)) { [weak self] in
      self?.closeIfSilent()
    }
  }

  func channelInactive(context: ChannelHandlerContext) { hub.fanOut.remove(self) }

  func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    guard let event = event as? ChannelEvent, event == .inputClosed else { return }
    inputEnded = true
    closeIfDone()
  }

  /// A consumer that will ask for nothing more is done when it has all its answers. One that subscribed wants to go on
  /// reading (`echo … | socat`).
  private func closeIfDone() {
    guard inputEnded, subscriptions.all.isEmpty, expectedAnswers == 0, queue.isEmpty, !closing, let context else {
      return
    }
    closing = true
    // Writes keep their order: when this one is done, every line is out.
    context.writeAndFlush(wrapOutboundOut(ByteBuffer())).assumeIsolated().whenComplete { _ in
      context.close(promise: nil)
    }
  }

  /// A consumer that says nothing takes up a place: it is closed after a while.
  private func closeIfSilent() {
    if !saidSomething {
      let seconds = hub.options.silencePatience / 1_000_000
      close(RequestError(.helloTimeout, "Nothing was asked for \(seconds) seconds after connecting."))
    }
  }

  func close(_ error: RequestError) {
    guard let context, !closing else { return }
    closing = true
    context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: errorReply(to: nil, error)))).assumeIsolated()
      .whenComplete { _ in context.close(promise: nil) }
    // A consumer that does not read would keep the line waiting for ever.
    context.eventLoop.assumeIsolated().scheduleTask(in: .seconds(1)) { context.close(promise: nil) }
  }

  // MARK: Requests

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    saidSomething = true
    do {
      try splitter.take(unwrapInboundIn(data).readableBytesView) { line in
        take(line)
        return !closing
      }
    } catch {
      close(RequestError(.lineTooLong, "A line is longer than 65536 bytes. Each request must fit into one."))
    }
  }

  func channelReadComplete(context: ChannelHandlerContext) {
    flush()
    hub.fanOut.flush()
  }

  private func take(_ line: [UInt8]) {
    do {
      let request = try Request(line: line)
      do {
        let answer = try hub.answer(request, from: self)
        if let id = request.id, let answer { send(reply(to: id, answer)) }
      } catch let error as RequestError {
        refuse(request.id, error)
      } catch let mismatch as JSONMismatch {
        refuse(request.id, RequestError(.invalidParameters, mismatch.sentence))
      }
    } catch let refusal as Request.Refusal {
      refuse(refusal.id, refusal.error)
    } catch {
      refuse(nil, RequestError(.invalidRequest, "The request could not be carried out."))
    }
  }

  private func refuse(_ id: JSONNode?, _ error: RequestError) {
    send(errorReply(to: id, error))
    errors += 1
    if errors > 100 {
      close(RequestError(.tooManyErrors, "More than 100 requests of this connection were wrong; it is closed."))
    }
  }

  // MARK: Subscriptions

  /// Adds a subscription; its records begin after what is in the answer and the snapshot.
  func subscribe(_ subscription: Subscription, replayFrom: UInt64?) {
    subscriptions.add(subscription)
    if let replayFrom { replayNext = replayFrom }
  }

  func unsubscribe(_ name: String) -> Bool { subscriptions.remove(name) }

  /// After the answer to `subscribe` was written: begins to catch up.
  func beginReplay() { drain() }

  // MARK: Records

  func deliver(_ record: PublishedRecord) {
    // What comes now is in the ring, from where a consumer that catches up will take it.
    guard replayNext == nil, !closing, subscriptions.want(record) else { return }
    if queue.isEmpty, takesMore {
      write(record)
    } else if !queue.append(record) {
      close(RequestError(.consumerSlow, "This consumer did not read, and what must not be dropped filled its queue."))
    }
  }

  func deliverLatest(_ batch: Measurement, _ record: PublishedRecord) {
    subscriptions.takeLatest(batch, record)
    sendLatest()
  }

  /// The socket takes more. What was written in this turn of the loop goes out before that is said: much at once is no
  /// slowness of the consumer.
  private var takesMore: Bool {
    guard let context else { return false }
    if !context.channel.isWritable { flush() }
    return context.channel.isWritable
  }

  private func write(_ record: PublishedRecord) {
    counters.sequence = record.sequence
    counters.records += 1
    counters.samples += UInt64(record.sampleCount)
    write(record.bytes)
  }

  private func write(_ bytes: ByteBuffer) {
    context?.write(wrapOutboundOut(bytes), promise: nil)
    if !needsFlush {
      needsFlush = true
      hub.fanOut.needsFlush(self)
    }
  }

  /// Sends a line that belongs to this consumer alone.
  func send(_ line: [UInt8]) {
    guard !closing else { return }
    let bytes = ByteBuffer(bytes: line)
    if queue.isEmpty, takesMore {
      write(bytes)
    } else if !queue.append(message: bytes) {
      close(RequestError(.consumerSlow, "This consumer asks without reading the answers."))
    }
  }

  /// A request was taken whose answer comes later.
  func expectAnswer() { expectedAnswers += 1 }

  /// Sends an answer that was expected.
  func sendExpected(_ line: [UInt8]) {
    expectedAnswers -= 1
    send(line)
    flush()
    closeIfDone()
  }

  func flush() {
    guard needsFlush else { return }
    needsFlush = false
    context?.flush()
  }

  func channelWritabilityChanged(context: ChannelHandlerContext) {
    guard context.channel.isWritable else { return }
    lastProgress = hub.now
    drain()
    sendLatest()
    flush()
    closeIfDone()
  }

  /// Writes what waits for as long as the socket takes it.
  private func drain() {
    while let context, context.channel.isWritable, !closing {
      if let item = queue.next() {
        switch item {
        case .message(let bytes): write(bytes)
        case .gap(let gap): write(ByteBuffer(bytes: hub.gapLine(gap)))
        case .record(let bytes, let sequence, let samples):
          counters.sequence = sequence
          counters.records += 1
          counters.samples += UInt64(samples)
          write(bytes)
        }
      } else if let next = replayNext {
        guard let record = hub.stream.record(from: next) else {
          replayNext = nil
          return
        }
        if record.sequence > next { write(ByteBuffer(bytes: hub.evictedLine(from: next, to: record.sequence))) }
        replayNext = record.sequence + 1
        if subscriptions.want(record) { write(record) }
      } else {
        return
      }
    }
  }

  private func sendLatest() {
    guard let context, context.channel.isWritable, queue.isEmpty, !closing else { return }
    let now = hub.now
    let (lines, next) = subscriptions.takeDue(at: now)
    for line in lines { write(ByteBuffer(bytes: line)) }
    latestTimer?.cancel()
    latestTimer = next.map { due in
      context.eventLoop.assumeIsolated().scheduleTask(in: .microseconds(max(1, due - now))) { [weak self] in
        self?.sendLatest()
        self?.flush()
      }
    }
  }

  // MARK: Health

  /// Once a second: a heartbeat, a warning when the queue grows, an end when nothing is read.
  func tick(_ now: Int64) {
    if queue.isEmpty { lastProgress = now }
    if queue.byteCount > queue.limit / 2, !warned {
      warned = true
      hub.log("A consumer\(client.isEmpty ? "" : " (\(client))") of uid \(peer.user) reads too slowly.")
      send(
        notification("warning") { writer in
          writer.key("name")
          writer.string("queue_high")
          writer.key("queued_bytes")
          writer.integer(queue.byteCount)
          writer.key("max_bytes")
          writer.integer(queue.limit)
          writer.key("text")
          writer.string(
            "This consumer reads too slowly; measurements will be dropped, and counted, when its queue is full.")
        })
    }
    if queue.byteCount < queue.limit / 4 { warned = false }
    if queue.byteCount > queue.limit / 2, now - lastProgress > hub.options.consumerPatience {
      close(RequestError(.consumerSlow, "Nothing was read for \(hub.options.consumerPatience / 1_000_000) seconds."))
      return
    }
    guard saidSomething, queue.isEmpty, let context, context.channel.isWritable else { return }
    send(
      hub.heartbeat { writer in
        writer.key("sent_seq")
        writer.integer(counters.sequence)
        writeCounters(to: &writer)
      })
    flush()
  }

  /// Writes the exact counters of this connection and of its `latest` subscriptions.
  func writeCounters(to writer: inout JSONWriter) {
    writer.key("sent_records")
    writer.integer(counters.records)
    writer.key("sent_samples")
    writer.integer(counters.samples)
    writer.key("lost_records")
    writer.integer(queue.lostRecords)
    writer.key("lost_samples")
    writer.integer(queue.lostSamples)
    writer.key("queued_bytes")
    writer.integer(queue.byteCount)
    writer.key("subs")
    subscriptions.write(to: &writer)
  }
}
