internal import DriverKit

/// The channels that a profile can put samples on, numbered from 0.
struct ChannelTable {
  private(set) var all: [Channel] = []

  /// Number of the channel with the given name, added if need be. `nil` when the name is not one, or stands for
  /// something else already, or there are too many.
  mutating func add(_ channel: Channel) -> UInt32? {
    let isName =
      !channel.name.isEmpty && channel.name.utf8.count <= 32
      && channel.name.utf8.allSatisfy {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0)
          || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_")
      }
    if !isName { return nil }
    if let there = all.first(where: { $0.name == channel.name }) {
      let isSame = there.quantity == channel.quantity && there.unit == channel.unit && there.rawUnit == channel.rawUnit
      return isSame ? there.number : nil
    }
    if all.count == 64 { return nil }
    var channel = channel
    channel.number = UInt32(all.count)
    all.append(channel)
    return channel.number
  }
}
