/// What a HID device says about its reports: which it has, and what stands where in them.
///
/// Every descriptor is taken for hostile: its length, the depth of its collections, its fields and the length of its
/// reports are limited, and ranges of usages are never spelt out.
public struct ReportDescriptor: Equatable, Sendable {
  /// Bytes of a descriptor; the kernel takes no more.
  public static let mostBytes = 4096
  /// Collections inside each other.
  public static let mostCollectionsDeep = 32
  /// Push items without a Pop.
  public static let mostPushed = 16
  /// Input, Output and Feature items.
  public static let mostFields = 1024
  /// Bytes of a report, its id not counted.
  public static let mostReportBytes = 8192

  /// Usages of the top-level application collections, in order: what the device is.
  public internal(set) var applications: [HIDUsage] = []
  /// Its reports, in the order in which the descriptor names them.
  public internal(set) var reports: [Report] = []
  /// Every report begins with its id.
  public internal(set) var hasReportIDs = false

  /// One report.
  public struct Report: Equatable, Sendable {
    /// Input, output or feature.
    public let kind: ReportKind
    /// Its id; 0 where reports are not numbered.
    public let id: UInt8
    /// Its fields, padding too, in the order of their bits.
    public internal(set) var fields: [ReportField] = []
    /// Its length as it travels, with its id where reports are numbered.
    public internal(set) var byteCount = 0
  }

  /// All fields in the order of the reports.
  public var fields: some Sequence<ReportField> { reports.lazy.flatMap(\.fields) }

  /// The report of a kind with an id.
  public func report(_ kind: ReportKind, id: UInt8) -> Report? { reports.first { $0.kind == kind && $0.id == id } }

  /// The id of a report as it travelled; 0 where reports are not numbered, `nil` where it has no bytes.
  public func id(of report: Span<UInt8>) -> UInt8? {
    if !hasReportIDs { return 0 }
    return report.isEmpty ? nil : report[0]
  }

  /// Reads a descriptor.
  public init(parsing bytes: [UInt8]) throws(ReportDescriptorError) {
    if bytes.isEmpty { throw ReportDescriptorError(.empty, at: 0) }
    if bytes.count > Self.mostBytes { throw ReportDescriptorError(.tooLong, at: Self.mostBytes) }
    var parser = ReportDescriptorParser()
    var items = ItemReader(bytes)
    while let item = try items.next() { try parser.take(item) }
    self = try parser.finish(at: bytes.count)
  }

  init() {}
}
