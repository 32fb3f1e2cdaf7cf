/// Builds a descriptor item by item (USB HID 1.11, 6.2.2; in short in Plugins/HIDForce/PROTOCOL.md 1).
struct ReportDescriptorParser {
  private struct ReportKey: Hashable {
    var kind: ReportKind
    var id: UInt8
  }

  private var descriptor = ReportDescriptor()
  private var globals = GlobalItems()
  private var pushed: [GlobalItems] = []
  private var locals = LocalItems()
  private var path: [ReportCollection] = []
  private var reportIndices: [ReportKey: Int] = [:]
  private var bitCounts: [Int] = []
  private var fieldCount = 0

  mutating func take(_ item: Item) throws(ReportDescriptorError) {
    switch item.prefix {
    case 0x80: try addField(.input, item)
    case 0x90: try addField(.output, item)
    case 0xB0: try addField(.feature, item)
    case 0xA0: try beginCollection(item)
    case 0xC0: try endCollection(item)
    case 0xA4:
      if pushed.count == ReportDescriptor.mostPushed { throw ReportDescriptorError(.pushedTooOften, at: item.offset) }
      pushed.append(globals)
    case 0xB4:
      guard let last = pushed.popLast() else { throw ReportDescriptorError(.nothingPushed, at: item.offset) }
      globals = last
    case 0x84:
      guard let id = UInt8(exactly: item.unsigned), id > 0 else {
        throw ReportDescriptorError(.reportID, at: item.offset)
      }
      globals.reportID = id
      descriptor.hasReportIDs = true
    case let prefix where prefix & 0x0C == 0:
      locals = LocalItems()  // a main item that HID 1.11 does not define ends the locals like any other
    default:
      globals.take(item)
      locals.take(item)
    }
  }

  mutating func finish(at end: Int) throws(ReportDescriptorError) -> ReportDescriptor {
    if !path.isEmpty { throw ReportDescriptorError(.collectionNotClosed, at: end) }
    let idBits = descriptor.hasReportIDs ? 8 : 0
    for index in descriptor.reports.indices {
      descriptor.reports[index].byteCount = (idBits + bitCounts[index] + 7) / 8
      for field in descriptor.reports[index].fields.indices {
        descriptor.reports[index].fields[field].bitOffset += idBits
      }
    }
    return descriptor
  }

  private mutating func beginCollection(_ item: Item) throws(ReportDescriptorError) {
    if path.count == ReportDescriptor.mostCollectionsDeep {
      throw ReportDescriptorError(.collectionsTooDeep, at: item.offset)
    }
    let usage = try locals.takeUsages(page: globals.page, at: item.offset).first
    let collection = ReportCollection(
      usage: usage.map { HIDUsage($0.page, $0.ids.lowerBound) }, type: UInt8(truncatingIfNeeded: item.unsigned))
    if path.isEmpty, collection.type == ReportCollection.applicationType, let usage = collection.usage {
      descriptor.applications.append(usage)
    }
    path.append(collection)
  }

  private mutating func endCollection(_ item: Item) throws(ReportDescriptorError) {
    if path.popLast() == nil { throw ReportDescriptorError(.collectionNotOpen, at: item.offset) }
    locals = LocalItems()
  }

  private mutating func addField(_ kind: ReportKind, _ item: Item) throws(ReportDescriptorError) {
    if fieldCount == ReportDescriptor.mostFields { throw ReportDescriptorError(.tooManyFields, at: item.offset) }
    fieldCount += 1
    let flags = ReportField.Flags(rawValue: item.unsigned)
    let minimum = globals.logicalMinimum
    let maximum = globals.logicalMaximum.value(above: minimum)
    // Padding often carries the range of whatever stood before it.
    if maximum < minimum, !flags.contains(.constant) { throw ReportDescriptorError(.logicalRange, at: item.offset) }

    let index = reportIndex(ReportKey(kind: kind, id: globals.reportID))
    let mostBits = ReportDescriptor.mostReportBytes * 8
    let (size, count) = (Int(globals.reportSize), Int(globals.reportCount))
    // Both are compared first, so that the product cannot overflow.
    guard size <= mostBits, count <= mostBits, bitCounts[index] + size * count <= mostBits else {
      throw ReportDescriptorError(.reportTooLong, at: item.offset)
    }
    descriptor.reports[index].fields.append(
      ReportField(
        kind: kind, reportID: globals.reportID, bitOffset: bitCounts[index], bitSize: size, count: count, flags: flags,
        logicalMinimum: minimum, logicalMaximum: maximum, physicalMinimum: globals.physicalMinimum,
        physicalMaximum: globals.physicalMaximum.value(above: globals.physicalMinimum), unit: globals.unit,
        unitExponent: globals.unitExponent, usages: try locals.takeUsages(page: globals.page, at: item.offset),
        path: path))
    bitCounts[index] += size * count
  }

  private mutating func reportIndex(_ key: ReportKey) -> Int {
    if let index = reportIndices[key] { return index }
    let index = descriptor.reports.count
    reportIndices[key] = index
    descriptor.reports.append(ReportDescriptor.Report(kind: key.kind, id: key.id))
    bitCounts.append(0)
    return index
  }
}
