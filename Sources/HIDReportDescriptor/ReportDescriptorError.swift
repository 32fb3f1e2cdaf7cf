/// Why bytes are not a report descriptor that we accept.
public struct ReportDescriptorError: Error, Equatable {
  /// What is wrong.
  public enum Kind: Sendable {
    /// There are no bytes.
    case empty
    /// There are more bytes than ``ReportDescriptor/mostBytes``.
    case tooLong
    /// The last item ends too early.
    case truncatedItem
    /// Collections inside each other past ``ReportDescriptor/mostCollectionsDeep``.
    case collectionsTooDeep
    /// An End Collection without a collection.
    case collectionNotOpen
    /// A collection is never ended.
    case collectionNotClosed
    /// A Pop without a Push.
    case nothingPushed
    /// More Push items without a Pop than ``ReportDescriptor/mostPushed``.
    case pushedTooOften
    /// A report id of 0 or above 255.
    case reportID
    /// A report longer than ``ReportDescriptor/mostReportBytes``.
    case reportTooLong
    /// More main items than ``ReportDescriptor/mostFields``.
    case tooManyFields
    /// A Usage Maximum below its Usage Minimum or on another page.
    case usageRange
    /// A Logical Maximum below its Logical Minimum.
    case logicalRange
  }

  /// What is wrong.
  public let kind: Kind
  /// Offset in bytes of the item at which it showed.
  public let offset: Int

  /// An error at an item.
  public init(_ kind: Kind, at offset: Int) {
    self.kind = kind
    self.offset = offset
  }

  /// One plain sentence with the place.
  public var sentence: String { "The HID report descriptor is not usable at byte \(offset): \(detail)." }

  private var detail: String {
    switch kind {
    case .empty: "it is empty"
    case .tooLong: "it is longer than \(ReportDescriptor.mostBytes) bytes"
    case .truncatedItem: "an item ends too early"
    case .collectionsTooDeep: "more than \(ReportDescriptor.mostCollectionsDeep) collections stand inside each other"
    case .collectionNotOpen: "it ends a collection that was never begun"
    case .collectionNotClosed: "it ends inside a collection"
    case .nothingPushed: "it takes back state that was never put aside"
    case .pushedTooOften: "it puts state aside more than \(ReportDescriptor.mostPushed) times"
    case .reportID: "a report id is not 1 to 255"
    case .reportTooLong: "a report is longer than \(ReportDescriptor.mostReportBytes) bytes"
    case .tooManyFields: "it has more than \(ReportDescriptor.mostFields) fields"
    case .usageRange: "a range of usages is empty or crosses pages"
    case .logicalRange: "the largest value of a field is below its smallest"
    }
  }
}
