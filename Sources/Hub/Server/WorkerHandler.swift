internal import NIOCore
internal import WorkerLink

/// The hub's end of one worker's link: bytes to messages, messages to the hub.
final class WorkerHandler: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  let process: WorkerProcess
  private unowned let hub: Hub
  private unowned let device: Device
  private var frames = FrameBuffer()
  private var context: ChannelHandlerContext?
  private var writer = ByteWriter()
  /// When the newest ping was sent that has no answer yet.
  private(set) var unansweredSince: Int64?
  private var pingNumber: UInt32 = 0

  init(hub: Hub, device: Device, process: WorkerProcess) {
    self.hub = hub
    self.device = device
    self.process = process
  }

  func handlerAdded(context: ChannelHandlerContext) { self.context = context }
  func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    unwrapInboundIn(data).withUnsafeReadableBytes { frames.append($0) }
    do throws(LinkError) {
      while let frame = try frames.next() {
        let message = try WorkerMessage(kind: frame.kind, payload: frame.payload)
        if case .pong(let number) = message, number == pingNumber { unansweredSince = nil }
        hub.take(message, from: device)
        if device.worker !== self { return }
      }
    } catch {
      hub.workerMisbehaved(device, code: "rubbish", sentence: error.sentence)
    }
  }

  func channelReadComplete(context: ChannelHandlerContext) { hub.fanOut.flush() }

  func channelInactive(context: ChannelHandlerContext) { hub.workerLinkClosed(device, self) }

  func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

  func send(_ message: HubMessage) {
    guard let context else { return }
    writer.clear()
    message.write(to: &writer)
    context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: writer.bytes)), promise: nil)
  }

  func ping(at now: Int64) {
    if unansweredSince == nil { unansweredSince = now }
    pingNumber &+= 1
    send(.ping(pingNumber))
  }

  func close() { context?.close(promise: nil) }
}
