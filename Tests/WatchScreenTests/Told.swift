import ThenarClient
import WatchScreen

/// 12:34:56.789 UTC, a thousand seconds after the station was started.
let noon = Moment(boot: 1_000_000_000, wall: 1_728_045_296_789_000)

extension Moment {
  /// So many seconds later.
  func later(_ seconds: Double) -> Moment {
    Moment(boot: boot + Int64(seconds * 1e6), wall: wall + Int64(seconds * 1e6))
  }
}

let universalClock = LocalClock { _ in 0 }

/// A notification as the hub sends it.
func told(_ method: String, _ params: String) throws -> Notification {
  let line = #"{"jsonrpc":"2.0","method":"\#(method)","params":{\#(params)}}"#
  guard case .notification(let notification) = try Message(parsing: Array(line.utf8)) else {
    throw ClientError.malformed(problem: "no notification", line: Array(line.utf8))
  }
  return notification
}

func welcome() throws -> Welcome {
  guard
    case .welcome(let welcome) = try told("welcome", #""server":"thenar","build":"0.1.0","epoch":"9f2c61d0""#).content
  else { throw ClientError.closed }
  return welcome
}

/// The device record of an emulated dynamometer.
func grip(_ name: String = "go-direct-emu00001", state: String = "streaming", more: String = "") throws -> Notification
{
  try told(
    "device",
    #""seq":1,"snapshot":true,"device":"\#(name)","state":"\#(state)","reason":"r","since_us":990000000,"#
      + #""driver":{"id":"go-direct","version":"0.1.0"},"vendor":"Vernier","model":"GDX-HD","emulated":true,"#
      + #""channels":[{"channel":"force","quantity":"force","unit":"N","raw_unit":"kgf","min":0,"max":800,"#
      + #""resolution":0.1,"interval_us":10000}]\#(more)"#)
}

/// A pegboard that speaks in events.
func pegs(state: String = "ready") throws -> Notification {
  try told(
    "device",
    #""seq":2,"snapshot":true,"device":"pegs","state":"\#(state)","from":"starting","text":"The board answers.","#
      + #""since_us":999000000,"driver":{"id":"line-profile","version":"0.1.0"},"model":"Nine-hole board""#)
}

/// One sample of the dynamometer.
func force(_ newtons: String, at time: Moment, _ more: String = "", device: String = "go-direct-emu00001") throws
  -> Notification
{
  try told(
    "measurement",
    #""seq":9,"device":"\#(device)","channel":"force","n0":0,"unit":"N","t0_us":\#(time.boot),"#
      + #""dt_us":10000,"wall0_us":\#(time.wall),"v":[\#(newtons)]\#(more)"#
  )
}

/// What the dynamometer itself said to 312.5 N.
let kilograms = #","raw":[31.866],"raw_unit":"kgf""#

/// What every effort also says.
let efforts =
  #""onset_us":994000000,"release_us":996000000,"samples":200,"baseline_N":null,"rule":{"id":"force-threshold","#
  + #""rev":1,"onset_N":5,"onset_hold_us":50000,"release_N":3,"release_hold_us":100000},"seqs":[10,19]"#

/// A valid effort of 391.2 N.
func effort() throws -> Notification {
  try told(
    "result",
    #""seq":20,"result":"r-1","device":"go-direct-emu00001","channel":"force","kind":"effort","state":"valid","#
      + #""peak_N":391.2,"peak_raw":39.891,"raw_unit":"kgf","at_us":995000000,"emulated":true,"#
      + efforts)
}

/// A trial that does not count.
func void() throws -> Notification {
  try told(
    "result",
    #""seq":21,"result":"r-2","device":"go-direct-emu00001","channel":"force","kind":"effort","state":"void","#
      + #""reason":"device_lost","peak_N":391.2,"at_us":996000000,"#
      + efforts)
}

func inserted(_ hole: Int, at time: Moment) throws -> Notification {
  try told(
    "event",
    #""seq":30,"device":"pegs","event":"peg.inserted","t_us":\#(time.boot),"wall_us":\#(time.wall),"#
      + #""fields":{"hole":\#(hole)},"q":["inferred"]"#)
}

/// The hub dropped records of this consumer.
func consumerGap(_ records: Int, _ samples: Int) throws -> Notification {
  try told(
    "gap",
    #""after_seq":5,"next_seq":99,"lost_records":\#(records),"lost_samples":\#(samples),"reason":"consumer_slow","#
      + #""recoverable":true"#)
}

/// Samples that never reached the station.
func sourceGap(_ samples: Int) throws -> Notification {
  try told(
    "gap",
    #""seq":40,"device":"go-direct-emu00001","channel":"force","after_n":7,"lost_samples":\#(samples),"#
      + #""reason":"device_dropped","t_us":999000000,"recoverable":false"#)
}

/// What the hub says that it sent and lost.
func heartbeat(sent: Int = 0, lost: Int = 0) throws -> Notification {
  try told(
    "heartbeat",
    #""t_us":1,"sent_records":1,"sent_samples":\#(sent),"lost_records":1,"lost_samples":\#(lost),"queued_bytes":0"#)
}
