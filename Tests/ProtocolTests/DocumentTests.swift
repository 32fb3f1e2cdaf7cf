import Glibc
import Hub
import HubTestKit
import Manifests
import Platform
import Readings
import StrictJSON
import Testing
import Wire

/// What docs/protocol.md says is so: its lines, its words, its program.
@Suite struct DocumentTests {
  private let lines: [Substring]

  init() throws {
    lines = String(decoding: try readSmallFile(repositoryPath("docs/protocol.md")), as: UTF8.self)
      .split(separator: "\n", omittingEmptySubsequences: false)
  }

  /// The fenced blocks of a language, each as its lines.
  private func blocks(_ language: String) -> [[Substring]] {
    var blocks: [[Substring]] = []
    var isInside = false
    for line in lines {
      if line == "```\(language)" {
        isInside = true
        blocks.append([])
      } else if line == "```" {
        isInside = false
      } else if isInside {
        blocks[blocks.count - 1].append(line)
      }
    }
    return blocks
  }

  /// The rows of all tables whose first heading is this; cells without their backticks.
  private func table(_ heading: String) -> [[String]] {
    var rows: [[String]] = []
    var isInside = false
    for line in lines {
      if line.hasPrefix("| \(heading) |") {
        isInside = true
      } else if !line.hasPrefix("|") {
        isInside = false
      } else if isInside, !line.hasPrefix("|---") {
        rows.append(line.split(separator: " | ").map { $0.filter { !"|`".contains($0) }.trimmed })
      }
    }
    return rows
  }

  /// Each line is valid; each answer stands in one block with its request; nothing that there is has no example.
  @Test func everyLineIsValidAndEverythingHasAnExample() throws {
    var seen: Set<String> = []
    for block in blocks("json") {
      var check = try WireCheck()
      for line in block { check.expect(Array(line.utf8)) }
      seen.formUnion(check.seen)
    }
    let methods = Wire.Method.allCases.flatMap { ["request \($0.rawValue)", "answer \($0.rawValue)"] }
    let notifications = notificationsOfTheSchema().map { "notification \($0)" }
    #expect(Set(methods + notifications).subtracting(seen).sorted() == [])
  }

  @Test func theTableOfErrorsIsThatOfTheCode() {
    let rows = table("name").map { Array($0.prefix(3)) }
    #expect(rows == RequestError.Name.allCases.map { [$0.rawValue, "\($0.code)", $0.mayRetry ? "yes" : "no"] })
  }

  @Test func theTablesOfWordsAreThoseOfTheCode() {
    #expect(table("state").map { $0[0] } == DeviceState.allCases.map(\.rawValue))
    #expect(table("word").map { $0[0] } == Quality.words)
    #expect(table("kind").map { $0[0] } == RecordKind.allCases.map(\.rawValue))
    #expect(table("mode").map { $0[0] }.sorted() == Subscription.Mode.allCases.map(\.rawValue).sorted())
    #expect(table("role").map { $0[0] } == ["observer", "operator", "admin"])
  }

  /// The tables of members name every member that the schema knows.
  @Test func everyMemberIsExplained() throws {
    let explained = Set(
      table("member").flatMap { row in row[0].split(separator: ", ").map(String.init) }
        + ["snapshot"])
    let schema = WireSchema.node
    for definition in [
      "params.welcome", "batch", "params.event", "params.result", "effort", "timing", "params.device", "source_gap",
      "counters", "params.heartbeat", "driver", "channel", "latest_value",
    ] {
      let members = (schema["$defs"]?[definition]?["properties"]?.members ?? []).map(\.key)
      let missing = members.filter { member in
        !explained.contains(member) && !explained.contains { $0.hasPrefix(member + ".") }
      }
      #expect(missing == [], "\(definition)")
    }
  }

  /// The Python program gets every sample, through a connection that breaks and through another hub.
  @Test(.enabled(if: system("command -v python3 > /dev/null") == 0)) func thePythonProgramMissesNothing() throws {
    let stations = [try TestStation(), try TestStation()]
    let directory = String(stations[0].socketPath.dropLast("/run/consumer.sock".count))
    let (link, program, output) = (directory + "/link", directory + "/program.py", directory + "/output")
    defer { for file in [link, program, output] { unlink(file) } }
    symlink(stations[0].socketPath, link)
    mkfifo(output, 0o600)
    let text = try #require(blocks("python").first).joined(separator: "\n") + harness(link)
    let file = try #require(fopen(program, "w"))
    fputs(text, file)
    fclose(file)
    system("python3 -u \(program) > \(output) 2>&1 &")
    let reader = try #require(fopen(output, "r"))
    defer { fclose(reader) }
    func next() -> String {
      var line = [CChar](repeating: 0, count: 4096)
      return fgets(&line, 4096, reader) == nil ? "" : line.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }
    }
    func expect(_ lines: String...) { for line in lines { #expect(next() == line + "\n") } }

    expect("snapshot_end")
    let worker = stations[0].attach("grip-1")
    worker.becomeReady()
    for value in 0..<6 { worker.sample(Double(value)) }
    // The harness breaks the connection at 3, before it has dealt with it.
    expect("0", "1", "2", "cut", "3", "4", "5")
    unlink(link)
    let second = stations[1].attach("grip-1")
    second.becomeReady()
    for value in 6..<9 { second.sample(Double(value)) }
    let watcher = stations[1].connect()
    _ = watcher.ask("subscribe", #"{"from":"oldest"}"#)
    while let value = watcher.next("measurement")?["v"]?.elements?.first?.number, value < 8 {}
    symlink(stations[1].socketPath, link)
    stations[0].unplug("grip-1", worker)
    stations[0].server.stop()
    expect("Thenar is being stopped.", "6", "7", "8")
    second.sample(-1)
    #expect(next() == "")
    stations[1].unplug("grip-1", second)
  }

  private func harness(_ path: String) -> String {
    """

    import os

    sleep, cuts = time.sleep, [3]
    time.sleep = lambda seconds: sleep(seconds / 100)

    def take(method, params):
        if method == "snapshot_end" and not params["seq"]:
            print(method)
        for value in params["v"] if method == "measurement" else []:
            if value in cuts:
                cuts.remove(value)
                print("cut")
                raise ConnectionError
            if value < 0:
                os._exit(0)
            print(value)

    follow("\(path)", take)
    """
  }
}

extension String {
  fileprivate var trimmed: String {
    var text = self[...]
    while text.first == " " { text.removeFirst() }
    while text.last == " " { text.removeLast() }
    return String(text)
  }
}
