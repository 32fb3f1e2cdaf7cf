internal import Configuration
internal import Glibc
internal import Logging
internal import Platform
internal import Wire

/// The directory for what must outlive a restart, and what lies in it.
struct StateDirectory {
  /// Where commands are recorded; `nil`: nowhere.
  let audit: String?
  /// Where the reports of crashed drivers go; `nil`: nowhere.
  let crashes: String?

  /// Makes it where it is missing. One that was asked for must be there, the usual one may be missing; neither may be
  /// one that others can write.
  init(
    _ options: StationOptions, _ configuration: StationConfiguration, log: Logger
  ) throws(StationFailure) {
    let wanted = options.state ?? configuration.stateDirectory
    let path = wanted ?? Self.usual
    do throws(FileFailure) {
      (audit, crashes) = try Self.prepare(path)
    } catch {
      let sentence: String =
        switch error {
        case .system(let failure): "The state directory \(path) cannot be written: \(failure.text)"
        case .untrusted(let explanation): explanation
        }
      if wanted != nil { throw StationFailure(.unavailable, sentence + ".") }
      log.warning("\(sentence). So commands are not recorded: give --state.")
      (audit, crashes) = (nil, nil)
    }
  }

  private static func prepare(_ path: String) throws(FileFailure) -> (audit: String, crashes: String) {
    _ = try directory(path)
    if access(path, W_OK) != 0 { throw .system(.last) }
    do throws(FileFailure) { try FileTrust.ofThisProcess.check(path + "/audit.log") } catch {
      if !error.isAbsence { throw error }
    }
    return (path + "/audit.log", try directory(path + "/crashes"))
  }

  private static func directory(_ path: String) throws(FileFailure) -> String {
    do throws(SystemFailure) { try makeDirectories(path, mode: 0o750) } catch { throw .system(error) }
    try FileTrust.ofThisProcess.check(path)
    return path
  }

  private static var usual: String {
    func variable(_ name: String) -> String? {
      getenv(name).map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 }
    }
    if geteuid() == 0 { return "/var/lib/thenar" }
    return (variable("XDG_STATE_HOME") ?? (variable("HOME") ?? "/tmp") + "/.local/state") + "/thenar"
  }
}

extension EffortRule {
  /// When an effort begins and ends, as the configuration says.
  init(_ settings: TrialSettings) {
    self.init(
      onset: settings.onsetNewtons, onsetHold: Int64(settings.onsetHoldMilliseconds) * 1000,
      release: settings.releaseNewtons, releaseHold: Int64(settings.releaseHoldMilliseconds) * 1000)
  }
}
