import Consumers
import Glibc
import Loop
import Readings
import StrictJSON
import Supervision
import WorkerLink

@testable import Hub

/// Consumers of a whole hub with one device, on sockets of their own and with a clock that the input moves: they ask,
/// rightly and wrongly, in pieces of any size, read or do not, close one half or both, while readings come.
///
/// Whatever they do: nobody is left behind, each line that they get is whole JSON, and numbers of records only grow.
@_cdecl("LLVMFuzzerTestOneInput") public func test(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  guard let bench else { preconditionFailure("there is no hub") }
  do { try bench.play(Array(UnsafeBufferPointer(start: bytes, count: count))[...]) } catch {
    preconditionFailure("the loop ended: \(error.sentence)")
  }
  return 0
}

/// One hub for all inputs, as in life: what one leaves behind would be there for the next. LibFuzzer has one thread.
nonisolated(unsafe) private let bench = try? Bench()

private final class Time { var now: Microseconds = 1_000_000_000 }

private final class Bench {
  private let hub: Hub
  private let time = Time()
  private let listener = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
  private var input: ArraySlice<UInt8> = []
  private var peers: [Client] = []
  private let instrument = Instrument()

  init() throws(EventLoop.Failure) {
    // Both are touched by this one thread only.
    nonisolated(unsafe) let instrument = instrument
    var options = HubOptions(
      build: "fuzz", socketPath: "", roles: Roles(owner: 0),
      launch: { _ in WorkerProcess(descriptor: instrument.connect(), process: 0) }, log: { _ in })
    options.ringBytes = 100_000
    options.consumerLimits.bytesOfUser = 400_000
    options.consumerLimits.consumersOfUser = 5
    nonisolated(unsafe) let time = time
    options.clock = {
      time.now += 1
      return time.now
    }
    hub = try Hub(options: options, epoch: "00000000", listener: listener, mailbox: Mailbox<Hub>())
    hub.attach(
      DeviceAssignment(
        name: "grip", key: DeviceIdentityKey(kind: "usb-serial", value: "1"),
        setup: WorkerSetup(
          device: "grip", module: "go-direct", moduleVersion: "0.1.0", library: "/x.so",
          address: .hid(node: "/dev/hidraw9")), isDiscovered: true))
  }

  deinit { close(listener) }

  private func say(_ message: WorkerMessage) { instrument.say(message) }

  private func byte() -> UInt8 { input.popFirst() ?? 0 }

  private func take(_ count: Int) -> [UInt8] {
    defer { input = input.dropFirst(count) }
    return Array(input.prefix(count))
  }

  func play(_ bytes: ArraySlice<UInt8>) throws(EventLoop.Failure) {
    input = bytes
    peers = []
    try turns(3)
    while let step = input.popFirst() {
      let peer = peers.isEmpty ? nil : peers[Int(step >> 4) % peers.count]
      switch step & 0x0F {
      case 0: connect(smallBuffer: step & 0x10 != 0)
      case 1: peer?.send(take(Int(byte())))
      case 2...6: peer?.send(request())
      case 7: peer?.receive(atMost: Int(byte()) * 64)
      case 8: peer?.receive(atMost: .max)
      case 9: peer?.halfClose()
      case 10: peer?.end()
      case 11:
        let samples = Samples(
          channel: UInt32(byte() % 3), time: time.now, interval: 1000,
          values: (0...Int(byte() % 100)).map { Double($0) })
        for _ in 0...Int(step >> 4) { say(.samples(samples)) }
      case 12:
        let text = String(decoding: take(Int(byte())), as: UTF8.self)
        say(.event(Event("device.told", at: time.now, fields: [("text", .text(text))])))
      case 13: say(.outcome(command: UInt64(byte()), error: step & 0x10 == 0 ? "" : "It moves."))
      case 14: time.now += Microseconds(step >> 4) * 150_000
      default: try turns(Int(step >> 4) + 1)
      }
      try turns(1)
    }
    for peer in peers { peer.receive(atMost: .max) }
    for peer in peers { peer.end() }
    for _ in 0..<400 where hub.consumers.count > 0 || hub.consumers.haveWork { try turns(1) }
    precondition(hub.consumers.count == 0 && !hub.consumers.haveWork, "a consumer is left behind")
  }

  private func turns(_ count: Int) throws(EventLoop.Failure) {
    for _ in 0..<count { try hub.turn(waiting: 0) }
  }

  private func connect(smallBuffer: Bool) {
    if peers.count >= 8 { peers.removeFirst().end() }
    var ends: [Int32] = [-1, -1]
    socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0, &ends)
    if smallBuffer {
      var size: Int32 = 4096
      setsockopt(ends[0], SOL_SOCKET, SO_SNDBUF, &size, socklen_t(MemoryLayout<Int32>.size))
    }
    hub.consumers.accept(
      ends[0], from: Peer(process: 1, user: UInt32(peers.count % 2), group: UInt32(peers.count % 2)))
    peers.append(Client(ends[1]))
  }

  // MARK: Requests

  private func pick(_ words: [String]) -> String { words[Int(byte()) % words.count] }

  /// A request that is valid, or nearly.
  private func request() -> [UInt8] {
    let parameters: String
    let method = pick([
      "hello", "subscribe", "subscribe", "subscribe", "unsubscribe", "devices.list", "drivers.list", "describe",
      "stats",
      "ping", "device.command",
    ])
    switch method {
    case "hello":
      parameters = #"{"proto":\#(pick(["1", "1", "1", "2", "-1", "1e9"])),"client":"\#(pick(["a", "é", ""]))"}"#
    case "subscribe": parameters = subscription()
    case "unsubscribe": parameters = #"{"sub":"\#(pick(["main", "a", "b", ""]))"}"#
    case "device.command":
      parameters =
        #"{"device":"\#(pick(["grip", "none"]))","command":"\#(pick(["zero", ""]))","arguments":\#(pick(["{}", "[]", #"{"a":1}"#]))}"#
    default: parameters = pick(["{}", #"{"x":1}"#, "[]"])
    }
    let id = pick([#""id":1,"#, #""id":"é","#, "", #""id":null,"#, #""id":1.5,"#])
    return Array(#"{"jsonrpc":"2.0",\#(id)"method":"\#(method)","params":\#(parameters)}"#.utf8) + [0x0A]
  }

  private func subscription() -> String {
    var members = [#""sub":"\#(pick(["main", "a", "b"]))""#]
    func maybe(_ key: String, _ values: [String]) {
      let choice = Int(byte())
      if choice & 1 == 0 { members.append("\"\(key)\":" + values[choice / 2 % values.count]) }
    }
    maybe("mode", [#""all""#, #""latest""#, #""results""#, #""loud""#])
    maybe("max_hz", ["1", "100", "0.1", "1e-9"])
    maybe("snapshot", ["true", "false"])
    maybe("from", [#""oldest""#, #""now""#, #"{"epoch":"00000000","seq":3}"#, #"{"epoch":"x","seq":3}"#, "{}"])
    maybe("queue", ["{}", #"{"max_bytes":65536,"on_full":"close"}"#, #"{"max_bytes":1}"#, #"{"on_full":"gap"}"#])
    maybe(
      "filter",
      [
        #"{"device":"*r*p"}"#, #"{"kind":["measurement","gap"]}"#, #"{"channel":["force","x"]}"#,
        #"{"quantity":"angle"}"#,
        #"{"device":["z"]}"#, "7",
      ])
    maybe("delivery", [#""live""#, #""committed""#])
    return "{" + members.joined(separator: ",") + "}"
  }
}

/// The worker's end of the link; a new one whenever the hub starts a worker.
private final class Instrument {
  private var descriptor: Int32 = -1

  func connect() -> Int32 {
    if descriptor >= 0 { close(descriptor) }
    var link: [Int32] = [-1, -1]
    socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0, &link)
    descriptor = link[1]
    say(.hello(version: linkVersion, process: 0))
    for number in 0..<3 as Range<UInt32> {
      let (name, quantity) = [("force", "force"), ("angle", "angle"), ("pinch", "force")][Int(number)]
      say(.channel(Channel(number: number, name: name, quantity: quantity, unit: "N", interval: 10_000)))
    }
    say(.ready)
    return link[0]
  }

  func say(_ message: WorkerMessage) {
    var writer = ByteWriter()
    message.write(to: &writer)
    let bytes = writer.bytes
    _ = send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT))
  }
}

/// A consumer's end of its socket.
private final class Client {
  private var descriptor: Int32
  private var rest: [UInt8] = []
  private var lastSequence: Int64 = 0

  init(_ descriptor: Int32) { self.descriptor = descriptor }
  deinit { end() }

  func send(_ bytes: [UInt8]) {
    _ = Glibc.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT))
  }

  func receive(atMost most: Int) {
    var buffer = [UInt8](repeating: 0, count: min(most, 65_536))
    var taken = 0
    while taken < most {
      let count = recv(descriptor, &buffer, min(buffer.count, most - taken), Int32(MSG_DONTWAIT))
      if count <= 0 { break }
      taken += count
      rest += buffer[..<count]
    }
    while let end = rest.firstIndex(of: 0x0A) {
      check(Array(rest[..<end]))
      rest.removeFirst(end + 1)
    }
  }

  private func check(_ line: [UInt8]) {
    guard
      let message = try? JSONNode(parsing: line, limits: JSONLimits(depth: 32, bytes: 1 << 20, comments: false))
    else { preconditionFailure("a line is no JSON: \(String(decoding: line, as: UTF8.self))") }
    guard let method = message["method"]?.string, let content = message["params"],
      ["measurement", "event", "result", "device", "gap"].contains(method), content["snapshot"] == nil,
      content["mode"] == nil, let sequence = content["seq"]?.integer
    else { return }
    precondition(sequence > lastSequence, "record \(sequence) follows \(lastSequence)")
    lastSequence = sequence
  }

  func halfClose() { shutdown(descriptor, Int32(SHUT_WR)) }

  func end() {
    if descriptor >= 0 { close(descriptor) }
    descriptor = -1
  }
}
