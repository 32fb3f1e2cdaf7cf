import Modules

/// The usages of the top-level application collections of a report descriptor, in order, each once. A descriptor that
/// is damaged gives those before the damage.
func applicationUsages(of descriptor: [UInt8]) -> [HIDUsage] {
  var usages: [HIDUsage] = []
  var page: UInt16 = 0
  var savedPages: [UInt16] = []
  var localUsage: HIDUsage?
  var depth = 0
  var rest = descriptor[...]
  while let prefix = rest.popFirst() {
    if prefix == 0xFE {  // A long item: its data length follows, then its tag.
      guard let length = rest.popFirst(), rest.count > Int(length) else { return usages }
      rest.removeFirst(Int(length) + 1)
      continue
    }
    let size = [0, 1, 2, 4][Int(prefix & 3)]
    guard rest.count >= size else { return usages }
    let data = rest.prefix(size).reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
    rest.removeFirst(size)
    switch prefix & 0xFC {
    case 0x04: page = UInt16(truncatingIfNeeded: data)
    case 0xA4: savedPages.append(page)
    case 0xB4: page = savedPages.popLast() ?? page
    case 0x08 where localUsage == nil:
      // Four bytes hold page and usage, fewer the usage of the present page.
      let ownPage = size == 4 ? UInt16(data >> 16) : page
      localUsage = HIDUsage(page: ownPage, usage: UInt16(truncatingIfNeeded: data))
    case 0xA0:
      if depth == 0, data == 1, let usage = localUsage, !usages.contains(usage) { usages.append(usage) }
      depth += 1
      localUsage = nil
    case 0xC0:
      depth = max(0, depth - 1)
      localUsage = nil
    case 0x80, 0x90, 0xB0: localUsage = nil
    default: break
    }
  }
  return usages
}
