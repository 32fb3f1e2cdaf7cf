import Stream
import Testing
import Wire

private func filter(
  devices: [String] = [], kinds: [RecordKind] = [], quantities: [String] = [], channels: [String] = []
) -> RecordFilter {
  var filter = RecordFilter()
  (filter.devices, filter.kinds, filter.quantities, filter.channels) = (devices, kinds, quantities, channels)
  return filter
}

@Suite struct WishesTests {
  @Test func everythingIsWantedWithoutAsking() {
    let topics = TopicTable()
    topics.decisionsLeft = 0
    let wishes = Wishes([
      Wishes.Part(mode: .results, filter: filter(devices: ["x"])), Wishes.Part(mode: .all, filter: RecordFilter()),
    ])
    #expect(wishes.wantsEverything)
    for kind in RecordKind.allCases {
      #expect(wishes.want(topics.number(of: Topic(kind: kind, device: "d")), of: topics) == true)
    }
  }

  @Test func filtersAreConjunctions() {
    let wanted = Wishes.Part(
      mode: .all, filter: filter(devices: ["grip-*", "peg"], kinds: [.measurement, .event], quantities: ["force"]))
    let cases: [(Topic, Bool)] = [
      (Topic(kind: .measurement, device: "grip-1", channel: "force", quantity: "force"), true),
      (Topic(kind: .measurement, device: "grip-1", channel: "x", quantity: "acceleration"), false),
      (Topic(kind: .event, device: "peg"), true),
      (Topic(kind: .event, device: "pegs"), false),
      (Topic(kind: .result, device: "grip-1", channel: "force", quantity: "force"), false),
    ]
    for (topic, expected) in cases { #expect(wanted.wants(topic) == expected, "\(topic)") }
  }

  @Test func resultsModeIsEventsAndResultsAndLatestIsMeasurements() {
    let results = Wishes.Part(mode: .results, filter: RecordFilter())
    #expect(RecordKind.allCases.filter { results.wants(Topic(kind: $0, device: "x")) } == [.event, .result])
    let latest = Wishes.Part(mode: .latest, filter: RecordFilter())
    #expect(RecordKind.allCases.filter { latest.wants(Topic(kind: $0, device: "x")) } == [.measurement])
  }

  @Test func aTopicIsDecidedAboutOnce() {
    let topics = TopicTable()
    let wishes = Wishes([Wishes.Part(mode: .all, filter: filter(devices: ["a"]))])
    let (a, b) = (
      topics.number(of: Topic(kind: .event, device: "a")), topics.number(of: Topic(kind: .event, device: "b"))
    )
    topics.decisionsLeft = 0
    #expect(wishes.want(a, of: topics) == nil)
    topics.decisionsLeft = 2
    for _ in 0..<3 { #expect(wishes.want(a, of: topics) == true && wishes.want(b, of: topics) == false) }
    #expect(topics.decisionsLeft == 0)
  }

  @Test func nobodyWantsAnythingWithoutParts() {
    let topics = TopicTable()
    #expect(Wishes([]).want(topics.number(of: Topic(kind: .event, device: "a")), of: topics) == false)
  }

  @Test(arguments: [
    ("*", "", true), ("a*c", "abc", true), ("a*c", "abcd", false), ("*-1", "grip-11", false),
    ("g*p*1", "grip-p1", true),
    ("", "a", false), ("**", "x", true), ("a*b*c*d", "aXbXcX", false),
  ])
  func globs(_ pattern: String, _ text: String, _ expected: Bool) { #expect(globMatches(pattern, text) == expected) }
}
