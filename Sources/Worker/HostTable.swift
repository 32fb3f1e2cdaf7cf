internal import CThenarDriver

/// The calls behind a context. The context is the `HostCalls` that `LoadedDriver` keeps alive until destroy has returned;
/// `nil` when a driver passes no context.
private func calls(_ context: UnsafeMutableRawPointer?) -> HostCalls? {
  context.map { Unmanaged<HostCalls>.fromOpaque($0).takeUnretainedValue() }
}

/// The table that a driver calls. The caller keeps `host` alive for as long as the table is in use.
func makeHostTable(_ host: HostCalls) -> thenar_host {
  thenar_host(
    struct_size: UInt32(MemoryLayout<thenar_host>.size),
    context: Unmanaged.passUnretained(host).toOpaque(),
    write: { calls($0)?.write($1, $2) },
    channel: { calls($0)?.channel($1) },
    identify: { calls($0)?.identify($1) },
    ready: { calls($0)?.ready() },
    samples: { calls($0)?.samples($1) },
    event: { calls($0)?.event($1) },
    lost: { calls($0)?.lost($1, $2, $3) },
    wake_at: { calls($0)?.wake(at: $1) },
    tally: { calls($0)?.tally($1, $2) },
    fault: { calls($0)?.fault($1, $2, $3) },
    outcome: { calls($0)?.outcome($1, $2) },
    request_feature: { calls($0)?.requestFeature($1) },
    write_feature: { calls($0)?.writeFeature($1, $2) })
}
